import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // One reading of all of Stripe's subscriptions, for a backlog of customers: docs/decisions/0009-bulk-mode.md.
  await knex.schema.createTable('bulk_refreshes', (table) => {
    table.text('id').primary();
    // 1 while it is under way, null afterwards: the unique index lets one at a time be.
    table.integer('active').unique();
    table
      .text('state')
      .notNullable()
      .checkIn(['marking', 'subscriptions', 'wanting', 'invoices', 'ready', 'clearing', 'done', 'dropped']);
    table.integer('customers').notNullable().defaultTo(0);
    table.integer('pages').notNullable().defaultTo(0);
    table.integer('invoice_pages').notNullable().defaultTo(0);
    table.integer('invoices_found').notNullable().defaultTo(0);
    // Where the list that is being read stands.
    table.text('cursor');
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable().defaultTo(0);
    table.text('lease_token');
    table.bigInteger('lease_until').notNullable().defaultTo(0);
    table.text('outcome');
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ready_at');
    table.bigInteger('ended_at');
  });

  // What was read, until its customer is committed. An invoice without a body is one that is looked for.
  await knex.schema.createTable('bulk_reads', (table) => {
    table.text('bulk_id').notNullable();
    table.text('object_id').notNullable();
    table.text('kind').notNullable().checkIn(['subscription', 'invoice']);
    table.text('stripe_customer_id').notNullable();
    table.bigInteger('created_at').notNullable();
    table.text('body');
    table.primary(['bulk_id', 'object_id']);
    table.index(['bulk_id', 'stripe_customer_id']);
  });
  await knex.raw(
    "create index bulk_reads_wanted on bulk_reads (bulk_id, created_at) where body is null and kind = 'invoice'",
  );

  // Which refresh reads this customer, and the dirty mark that its reading came after.
  await knex.schema.alterTable('customer_sync', (table) => {
    table.text('bulk_id');
    table.bigInteger('bulk_seq');
    table.dropIndex(['next_attempt_at']);
  });
  await knex.raw(
    'create index customer_sync_bulk on customer_sync (bulk_id, stripe_customer_id) where bulk_id is not null',
  );
  // A claim takes the first of those that wait; while a refresh reads, of those that it does not read.
  await knex.raw(
    `create index customer_sync_waiting on customer_sync (priority, next_attempt_at, stripe_customer_id)
     where dirty_seq > synced_seq`,
  );
  await knex.raw(
    `create index customer_sync_free on customer_sync (priority, next_attempt_at, stripe_customer_id)
     where dirty_seq > synced_seq and bulk_id is null`,
  );
}

export async function down(knex: Knex): Promise<void> {
  const indexes = ['customer_sync_free', 'customer_sync_waiting', 'customer_sync_bulk'];
  for (const name of indexes) await knex.raw(`drop index ${name}`);
  await knex.schema.alterTable('customer_sync', (table) => {
    table.dropColumns('bulk_id', 'bulk_seq');
    table.index(['next_attempt_at']);
  });
  await knex.schema.dropTable('bulk_reads');
  await knex.schema.dropTable('bulk_refreshes');
}
