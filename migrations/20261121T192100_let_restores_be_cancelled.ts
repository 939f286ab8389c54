import type { Knex } from 'knex';

/** Who took a restore back before anything was replaced; whoever carries it looks right before the swap. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('restores', (table) => {
    table.text('cancelled_by');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('restores', (table) => {
    table.dropColumn('cancelled_by');
  });
}
