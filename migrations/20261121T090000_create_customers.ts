import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('customers', (table) => {
    table.text('id').primary();
    // Lower case; the login email by which staff name a customer.
    table.text('email').notNullable().unique();
    table.text('name');
    table.bigInteger('email_verified_at');
    table.bigInteger('created_at').notNullable();
  });

  // A Stripe customer belongs to one of ours by proof, never by an equal email alone.
  await knex.schema.createTable('customer_links', (table) => {
    table.text('stripe_customer_id').primary();
    table.text('customer_id').notNullable().references('customers.id');
    table.text('proof').notNullable().checkIn(['created_by_us', 'client_reference', 'metadata', 'staff']);
    table.text('status').notNullable().checkIn(['active', 'removed', 'deleted_at_stripe']);
    table.text('actor').notNullable();
    table.bigInteger('created_at').notNullable();
    table.index(['customer_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('customer_links');
  await knex.schema.dropTable('customers');
}
