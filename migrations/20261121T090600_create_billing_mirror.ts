import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What Stripe last said of each subscription, rewritten whole at every sync.
  await knex.schema.createTable('subscriptions', (table) => {
    table.text('id').primary();
    table.text('mode').notNullable();
    table.text('stripe_customer_id').notNullable();
    table.text('status').notNullable();
    table.text('items').notNullable();
    table.text('pause_behavior');
    table.bigInteger('cancel_at');
    table.bigInteger('ended_at');
    table.bigInteger('trial_end');
    table.text('pending_items');
    table.bigInteger('pending_at');
    table.text('latest_invoice_id');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('fetched_at').notNullable();
    // Set when Stripe no longer lists it; it never counts again.
    table.bigInteger('gone_at');
    table.index(['stripe_customer_id', 'mode']);
  });

  // Customers who pay outside Stripe: counts for tier and access, grants no credits.
  await knex.schema.createTable('manual_subscriptions', (table) => {
    table.text('id').primary();
    table.text('customer_id').notNullable().unique().references('customers.id');
    table.text('type').notNullable();
    table.text('tier').notNullable();
    table.text('status').notNullable();
    table.bigInteger('ends_at');
    table.text('reason').notNullable();
    table.text('ticket');
    table.text('actor').notNullable();
    table.bigInteger('set_at').notNullable();
  });

  // One row per payment that can bring credits: an invoice, or a payment intent without one. Money is keyed here.
  await knex.schema.createTable('payments', (table) => {
    table.text('id').primary();
    table.text('mode').notNullable();
    table.text('stripe_customer_id');
    table.text('customer_id').index();
    table.text('subscription_id');
    table.text('payment_intent_id').index();
    table.text('charge_id').index();
    table.text('status').notNullable();
    table.text('billing_reason');
    table.text('currency');
    table.bigInteger('amount_paid').notNullable().defaultTo(0);
    table.bigInteger('amount_refunded').notNullable().defaultTo(0);
    table.bigInteger('paid_at');
    table.bigInteger('credits_granted').notNullable().defaultTo(0);
    // What refunds and staff took back so far, shortfall included; settling moves it to its target.
    table.bigInteger('credits_reversed').notNullable().defaultTo(0);
    table.bigInteger('credits_debt').notNullable().defaultTo(0);
    // Of those, what staff took back by hand: a failed refund does not give it back.
    table.bigInteger('credits_staff_reversed').notNullable().defaultTo(0);
    // What staff took on top of a refund that had taken already.
    table.bigInteger('credits_staff_extra').notNullable().defaultTo(0);
    table.bigInteger('settle_seq').notNullable().defaultTo(0);
    table.bigInteger('fetched_at').notNullable();
    table.check(
      'credits_reversed >= 0 and credits_reversed <= credits_granted',
      [],
      'payments_reversed_sane',
    );
    table.check('credits_debt >= 0 and credits_debt <= credits_reversed', [], 'payments_debt_sane');
  });

  await knex.schema.createTable('grace_periods', (table) => {
    table.text('id').primary();
    // Anchored once, on the first failure of one invoice; later retries do not move it.
    table.text('invoice_id').notNullable().unique();
    table.text('subscription_id').notNullable();
    table.text('customer_id').notNullable().references('customers.id');
    table.bigInteger('started_at').notNullable();
    table.bigInteger('deadline_at').notNullable();
    table.text('state').notNullable().checkIn(['open', 'recovered', 'expired', 'waived']);
    table.bigInteger('closed_at');
    table.index(['customer_id', 'state']);
    table.index(['subscription_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['grace_periods', 'payments', 'manual_subscriptions', 'subscriptions']) {
    await knex.schema.dropTable(name);
  }
}
