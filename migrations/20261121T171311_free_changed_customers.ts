import type { Knex } from 'knex';

const columns = '(priority, next_attempt_at, stripe_customer_id)';

export async function up(knex: Knex): Promise<void> {
  // While a refresh reads, a claim takes those whom it does not read, and those of whom something was heard since.
  await knex.raw('drop index customer_sync_free');
  await knex.raw(
    `create index customer_sync_free on customer_sync ${columns}
     where dirty_seq > synced_seq and (bulk_id is null or bulk_seq <> dirty_seq)`,
  );
  // Milliseconds that the pages of subscriptions took, together.
  await knex.schema.alterTable('bulk_refreshes', (table) => {
    table.bigInteger('pages_ms').notNullable().defaultTo(0);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('bulk_refreshes', (table) => {
    table.dropColumn('pages_ms');
  });
  await knex.raw('drop index customer_sync_free');
  await knex.raw(
    `create index customer_sync_free on customer_sync ${columns}
     where dirty_seq > synced_seq and bulk_id is null`,
  );
}
