import type { Knex } from 'knex';

/** So that what calls somebody is found at once behind ten thousand lots that lapse at midnight. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('timers', (table) => {
    table.index(['kind', 'due_at'], 'timers_kind_due_at_index');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('timers', (table) => {
    table.dropIndex(['kind', 'due_at'], 'timers_kind_due_at_index');
  });
}
