import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // A ticket that somebody looks into as a defect of ours, with what was found of it elsewhere.
  await knex.schema.createTable('investigations', (table) => {
    table.text('id').primary();
    // One case for a ticket, however often it is asked for.
    table.text('ticket').notNullable().unique();
    table.text('customer_id').index();
    table.text('request_id');
    table.bigInteger('around_at');
    table.bigInteger('window_ms').notNullable();
    table.text('state').notNullable().checkIn(['open', 'closed']);
    // JSON text: what was found when it was last looked at, scrubbed and short enough to show.
    table.text('evidence').notNullable();
    table.bigInteger('looked_at').notNullable();
    table.text('target').notNullable();
    table.integer('version').notNullable().defaultTo(1);
    table.text('person').notNullable();
    table.text('actor_id').notNullable();
    table.text('actor_name').notNullable();
    table.bigInteger('opened_at').notNullable();
    table.text('patch_url');
    table.text('test_url');
    table.bigInteger('closed_at');
    table.text('closed_name');
    table.text('close_reason');
    // Set where it was closed without a change of the code.
    table.bigInteger('no_change_at');
    table.text('correlation_id').notNullable().index();
    table.check(
      `(state = 'closed') = (closed_at is not null and closed_name is not null and close_reason is not null)`,
      [],
      'investigations_closed_whole',
    );
    table.check(
      `state = 'open' or no_change_at is not null or (patch_url is not null and test_url is not null)`,
      [],
      'investigations_closed_with_both',
    );
    table.index(['state', 'opened_at']);
  });
  // The steps of the playbook: ticked by what was found, or by somebody with a note.
  await knex.schema.createTable('investigation_steps', (table) => {
    table.text('investigation_id').notNullable().references('id').inTable('investigations');
    table.text('step').notNullable().checkIn(['correlate', 'logs', 'reproduce', 'patch']);
    table.bigInteger('ticked_at').notNullable();
    table.text('ticked_name').notNullable();
    table.text('ticked_by').notNullable().checkIn(['hand', 'evidence']);
    table.text('note').notNullable();
    table.primary(['investigation_id', 'step']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('investigation_steps');
  await knex.schema.dropTable('investigations');
}
