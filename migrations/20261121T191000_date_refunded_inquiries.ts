import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // When the payment was seen to be refunded in full. It ends an inquiry, though the bank closes it much later.
  await knex.schema.alterTable('disputes', (table) => {
    table.bigInteger('refunded_at');
  });
  await knex.raw(
    `update disputes set refunded_at = fetched_at
     where phase = 'inquiry' and closed_at is null and exists (
       select 1 from payments
       where payments.id = disputes.payment_id and amount_paid > 0 and amount_refunded >= amount_paid)`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('disputes', (table) => {
    table.dropColumn('refunded_at');
  });
}
