import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Up to when everything was looked at; null where nothing is read behind the mark.
  await knex.schema.alterTable('detector_marks', (table) => {
    table.bigInteger('seen_until');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('detector_marks', (table) => {
    table.dropColumn('seen_until');
  });
}
