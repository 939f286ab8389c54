import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Things that must happen at a time, whether or not anything else does. One per kind and subject.
  await knex.schema.createTable('timers', (table) => {
    table.text('id').primary();
    table.text('kind').notNullable();
    table.text('subject').notNullable();
    table.bigInteger('due_at').notNullable().index();
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('last_error');
    table.unique(['kind', 'subject']);
  });

  // What a person should look at: one row per kind and subject, opened once, closed when it is settled.
  await knex.schema.createTable('findings', (table) => {
    table.text('id').primary();
    table.text('kind').notNullable();
    table.text('subject').notNullable();
    table.text('customer_id').index();
    table.text('summary').notNullable();
    table.text('evidence').notNullable();
    table.text('state').notNullable().checkIn(['open', 'closed']);
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('closed_at');
    table.text('correlation_id').notNullable();
    table.unique(['kind', 'subject']);
  });

  // What Lucy remembers of her own installation: Slack's ids for her, when she first started.
  await knex.schema.createTable('installation', (table) => {
    table.text('name').primary();
    table.text('value').notNullable();
    table.bigInteger('set_at').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['installation', 'findings', 'timers']) await knex.schema.dropTable(name);
}
