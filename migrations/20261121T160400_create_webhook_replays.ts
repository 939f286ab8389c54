import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Many events replayed at once: what its card shows. Its events are those that carry its correlation id.
  await knex.schema.createTable('webhook_replays', (table) => {
    table.text('run_id').primary();
    table.text('correlation_id').notNullable();
    table.text('requested_by').notNullable();
    table.integer('total').notNullable();
    table.integer('settled').notNullable().defaultTo(0);
    // Rises with every change of what the card shows.
    table.integer('version').notNullable().defaultTo(1);
    table.text('state').notNullable().checkIn(['running', 'done']);
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at');
    table.index(['state', 'started_at']);
  });
  // What Stripe was asked to send again, or will be: the worker asks, outside of any transaction.
  await knex.schema.createTable('webhook_resends', (table) => {
    table.text('run_id').primary();
    table.text('event_id').notNullable().index();
    table.text('endpoint_id').notNullable();
    table.text('requested_by').notNullable();
    table.text('correlation_id').notNullable();
    table.text('state').notNullable().checkIn(['queued', 'sent', 'refused']);
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable();
    table.text('error');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('ended_at');
    table.index(['state', 'next_attempt_at']);
  });
  // When the last webhook came, and how the last hour went. Times rise, so inserts stay cheap.
  await knex.schema.alterTable('stripe_events', (table) => {
    table.index(['received_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('stripe_events', (table) => {
    table.dropIndex(['received_at']);
  });
  for (const name of ['webhook_resends', 'webhook_replays']) await knex.schema.dropTable(name);
}
