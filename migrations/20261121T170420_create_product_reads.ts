import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What the product was last told that a customer may use, and when.
  await knex.schema.createTable('product_reads', (table) => {
    table.text('customer_id').primary();
    table.bigInteger('read_at').notNullable();
    table.text('tier').notNullable();
    table.text('access').notNullable();
    table.bigInteger('balance').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('product_reads');
}
