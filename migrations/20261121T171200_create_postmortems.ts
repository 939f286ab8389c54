import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('postmortems', (table) => {
    table.text('incident_id').primary().references('incidents.id');
    table.text('state').notNullable().checkIn(['draft', 'filed', 'waived']);
    // What people write; the rest is made of the records whenever it is shown.
    table.text('summary');
    table.text('cause');
    table.text('lessons');
    table.bigInteger('due_at').notNullable();
    table.integer('reminders').notNullable().defaultTo(0);
    table.bigInteger('ended_at');
    table.text('ended_by');
    table.text('ended_reason');
    table.text('correlation_id').notNullable();
    table.bigInteger('created_at').notNullable();
    table.check("(state = 'draft') = (ended_at is null)", [], 'postmortems_ended_when');
  });

  await knex.schema.createTable('postmortem_actions', (table) => {
    table.text('id').primary();
    table.text('incident_id').notNullable().references('incidents.id').index();
    table.text('text').notNullable();
    table.text('owner').notNullable();
    table.text('owner_name').notNullable();
    table.bigInteger('due_at');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('done_at');
    table.text('done_by');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['postmortem_actions', 'postmortems']) await knex.schema.dropTable(name);
}
