import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Pictures and documents that web processes ask worker processes for; gone as soon as they are fetched.
  await knex.schema.createTable('renders', (table) => {
    table.text('id').primary();
    table.text('kind').notNullable().checkIn(['chart', 'pdf']);
    // JSON of what is to be drawn, and of what was drawn.
    table.text('task').notNullable();
    table.text('result');
    table.text('problem');
    table.text('state').notNullable().checkIn(['waiting', 'taken', 'done', 'failed']);
    table.text('lease_token');
    table.bigInteger('created_at').notNullable();
    table.index(['state', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('renders');
}
