import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What Stripe last said of each dispute, rewritten at every look, and what was decided about it, written once.
  await knex.schema.createTable('disputes', (table) => {
    table.text('id').primary();
    table.text('mode').notNullable();
    table.text('stripe_customer_id');
    // Null while the Stripe customer is linked to nobody.
    table.text('customer_id');
    table.text('payment_id').index();
    table.text('charge_id').notNullable().index();
    table.text('payment_intent_id').index();
    table.bigInteger('amount').notNullable();
    table.text('currency').notNullable();
    table.text('reason').notNullable();
    // Stripe's own word; the phase is ours: an inquiry moved no money, a dispute did.
    table.text('status').notNullable();
    table.text('phase').notNullable().checkIn(['inquiry', 'dispute']);
    // Null when Stripe takes no answer.
    table.bigInteger('due_by');
    table.integer('is_charge_refundable').notNullable();
    table.integer('has_evidence').notNullable();
    table.integer('submission_count').notNullable().defaultTo(0);
    table.text('network');
    table.text('case_type');
    table.text('network_reason_code');
    // Of the charge: what the bank keeps for good. Nothing while it is open, or when a refund paid it instead.
    table.bigInteger('lost_amount').notNullable().defaultTo(0);
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('closed_at');
    table.bigInteger('fetched_at').notNullable();
    // Rises with every change of what the card shows; the time that is left is counted from the last change.
    table.integer('version').notNullable().defaultTo(1);
    table.bigInteger('counted_at').notNullable();
    table.text('decision').checkIn(['accept', 'refund', 'contest', 'fraud']);
    table.text('decided_run').unique();
    table.text('decided_by');
    table.bigInteger('decided_at');
    table.check(
      `(decision is null and decided_run is null and decided_by is null and decided_at is null)
      or (decision is not null and decided_run is not null and decided_by is not null and decided_at is not null)`,
      [],
      'disputes_decision_whole',
    );
    table.index(['customer_id', 'opened_at']);
    table.index(['stripe_customer_id', 'closed_at']);
    table.index(['closed_at', 'due_by']);
  });

  // Each status that was seen at Stripe, once: the steps of the timeline.
  await knex.schema.createTable('dispute_steps', (table) => {
    table.text('dispute_id').notNullable().references('disputes.id');
    table.integer('seq').notNullable();
    table.text('status').notNullable();
    table.bigInteger('at').notNullable();
    table.primary(['dispute_id', 'seq']);
  });

  await knex.schema.createTable('early_fraud_warnings', (table) => {
    table.text('id').primary();
    table.text('mode').notNullable();
    table.text('charge_id').notNullable().index();
    table.text('payment_intent_id');
    table.text('stripe_customer_id').index();
    table.text('customer_id');
    table.text('fraud_type').notNullable();
    table.integer('is_actionable').notNullable();
    table.bigInteger('amount').notNullable();
    table.text('currency').notNullable();
    table.bigInteger('amount_refunded').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('fetched_at').notNullable();
    table.integer('version').notNullable().defaultTo(1);
    table.index(['customer_id', 'created_at']);
  });

  await knex.schema.alterTable('payments', (table) => {
    // Lost to the cardholder's bank, beside what was refunded.
    table.bigInteger('amount_lost').notNullable().defaultTo(0);
  });

  await takeKeptEvents(knex);
}

/** What was kept for the dispute desk until there was one is worked off now. */
export async function takeKeptEvents(knex: Knex): Promise<void> {
  await knex('stripe_events')
    .where({ status: 'deferred' })
    .where((row) => {
      for (const begin of ['charge.dispute.', 'radar.early_fraud_warning.', 'review.'])
        row.orWhere('type', 'like', `${begin}%`);
    })
    .update({ status: 'received' });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('payments', (table) => table.dropColumn('amount_lost'));
  for (const name of ['early_fraud_warnings', 'dispute_steps', 'disputes']) await knex.schema.dropTable(name);
}
