import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // When its last try failed by a defect: events that failed at one moment failed in one pass, and that counts once.
  await knex.schema.alterTable('stripe_events', (table) => table.bigInteger('failed_at'));
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('stripe_events', (table) => table.dropColumn('failed_at'));
}
