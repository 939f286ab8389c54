import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Tries that failed because Stripe was away: they pace the next one, and never make an event dead.
  await knex.schema.alterTable('stripe_events', (table) => {
    table.integer('away_attempts').notNullable().defaultTo(0);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('stripe_events', (table) => {
    table.dropColumn('away_attempts');
  });
}
