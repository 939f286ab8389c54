import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // When the event's payload was reduced to the ids in it.
  await knex.schema.alterTable('stripe_events', (table) => {
    table.bigInteger('pruned_at');
  });
  await knex.schema.alterTable('api_requests', (table) => {
    table.index(['at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('api_requests', (table) => {
    table.dropIndex(['at']);
  });
  await knex.schema.alterTable('stripe_events', (table) => {
    table.dropColumn('pruned_at');
  });
}
