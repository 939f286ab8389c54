import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Whose turn it is with what one process of all does at a time, and when the next is.
  await knex.schema.createTable('job_turns', (table) => {
    table.text('name').primary();
    table.bigInteger('next_at').notNullable();
    table.text('lease_token');
    table.bigInteger('lease_until').notNullable().defaultTo(0);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('job_turns');
}
