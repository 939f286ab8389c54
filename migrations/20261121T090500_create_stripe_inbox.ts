import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('stripe_events', (table) => {
    table.text('id').primary();
    table.text('mode').notNullable();
    table.text('account');
    table.text('api_version');
    table.text('type').notNullable();
    table.text('object_id');
    table.text('stripe_customer_id');
    // Stripe's own second, for people to read; never for ordering.
    table.bigInteger('created_at').notNullable();
    table.bigInteger('received_at').notNullable();
    table.text('source').notNullable().checkIn(['webhook', 'replay', 'poll']);
    table.integer('delivery_count').notNullable().defaultTo(1);
    table.integer('secret_slot');
    table.text('signature_header');
    table.text('payload').notNullable();
    table.text('payload_sha256').notNullable();
    table
      .text('status')
      .notNullable()
      .checkIn(['received', 'waiting', 'done', 'ignored', 'deferred', 'failed', 'dead', 'quarantined']);
    table.integer('attempts').notNullable().defaultTo(0);
    table.integer('dead_count').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable();
    table.text('error');
    table.text('outcome');
    // Our own Stripe calls carry an idempotency key that starts with lucy:, and come back as events.
    table.text('caused_by');
    table.text('correlation_id').notNullable().index();
    table.bigInteger('processed_at');
    table.index(['status', 'next_attempt_at']);
    table.index(['stripe_customer_id', 'status']);
    table.index(['object_id']);
  });

  // Refused deliveries, counted by minute and reason, so that a flood of forged ones cannot fill the disk.
  await knex.schema.createTable('webhook_rejects', (table) => {
    table.bigInteger('minute_at').notNullable();
    table.text('reason').notNullable();
    table.bigInteger('count').notNullable();
    table.text('last_detail');
    table.primary(['minute_at', 'reason']);
  });

  // Level-triggered state: an event only raises dirty_seq; a worker with the lease refetches and catches synced_seq up.
  await knex.schema.createTable('customer_sync', (table) => {
    table.text('stripe_customer_id').primary();
    table.bigInteger('dirty_seq').notNullable().defaultTo(1);
    table.bigInteger('synced_seq').notNullable().defaultTo(0);
    table.text('lease_token');
    table.bigInteger('lease_until').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable().defaultTo(0);
    table.integer('attempts').notNullable().defaultTo(0);
    table.integer('priority').notNullable().defaultTo(5);
    table.text('last_error');
    table.bigInteger('synced_at');
    table.index(['next_attempt_at']);
    table.check('synced_seq <= dirty_seq', [], 'customer_sync_sane');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['customer_sync', 'webhook_rejects', 'stripe_events']) await knex.schema.dropTable(name);
}
