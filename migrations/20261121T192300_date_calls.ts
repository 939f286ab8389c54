import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Calls and reminders name what must still be so when they are sent: `alert:alr_…`. Null: worth telling in any case.
  await knex.schema.alterTable('outbox', (table) => {
    table.text('only_while');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('outbox', (table) => table.dropColumn('only_while'));
}
