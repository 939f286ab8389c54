import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('payments', (table) => {
    // What a refund asked for and had lapsed already: gone, but not spent, so nobody owes it.
    table.bigInteger('credits_lapsed').notNullable().defaultTo(0);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('payments', (table) => table.dropColumn('credits_lapsed'));
}
