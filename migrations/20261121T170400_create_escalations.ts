import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // A matter handed over to a team, with everything that was known of it then.
  await knex.schema.createTable('escalations', (table) => {
    table.text('id').primary();
    table.text('team').notNullable();
    // An email or an id; empty for none.
    table.text('subject').notNullable();
    table.text('customer_id').index();
    table.text('ticket').notNullable().index();
    table.text('about').notNullable();
    // JSON text: facts, sections and buttons as they were when it was asked.
    table.text('packet').notNullable();
    table.text('target').notNullable();
    table.text('state').notNullable().checkIn(['open', 'taken', 'closed']);
    // How often the same was handed over while it was open.
    table.integer('asked').notNullable().defaultTo(1);
    // Rises with every change of what the card shows.
    table.integer('version').notNullable().defaultTo(1);
    table.text('requester_person').notNullable();
    table.text('requester_id').notNullable();
    table.text('requester_name').notNullable();
    table.text('taker_person');
    table.text('taker_name');
    table.bigInteger('taken_at');
    table.text('closer_name');
    table.text('close_reason');
    table.bigInteger('closed_at');
    table.text('correlation_id').notNullable().index();
    table.bigInteger('created_at').notNullable();
    table.check(
      `(state = 'closed') = (closed_at is not null and closer_name is not null and close_reason is not null)`,
      [],
      'escalations_closed_whole',
    );
    table.check(
      `state <> 'taken' or (taken_at is not null and taker_person is not null and taker_name is not null)`,
      [],
      'escalations_taken_whole',
    );
    // However often it is clicked: one of a team, a subject and a ticket at a time.
    table.unique(['team', 'subject', 'ticket'], {
      indexName: 'escalations_one_open',
      useConstraint: false,
      predicate: knex.whereNull('closed_at'),
    });
    table.index(['state', 'created_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('escalations');
}
