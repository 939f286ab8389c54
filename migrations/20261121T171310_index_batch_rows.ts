import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What earlier imports gave a customer is asked before each import.
  await knex.raw(
    'create index batch_rows_customer on batch_rows (customer_id, batch_id) where customer_id is not null',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index batch_rows_customer');
}
