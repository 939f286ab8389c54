import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // One comparison of everything at Stripe with everything here; what it found stays as evidence.
  await knex.schema.createTable('reconcile_runs', (table) => {
    table.text('id').primary();
    table.text('mode').notNullable();
    // Null: everybody.
    table.text('customer_id').references('customers.id');
    // JSON text of the kinds that were asked for; null: all.
    table.text('kinds');
    table.text('state').notNullable().checkIn(['running', 'waiting', 'done', 'failed', 'cancelled']);
    table.integer('version').notNullable().defaultTo(1);
    table.text('actor').notNullable();
    table.text('actor_name').notNullable();
    table.text('reason').notNullable();
    table.text('ticket');
    table.text('correlation_id').notNullable();
    // The command's run; null when the schedule began it.
    table.text('run_id');
    // How many subscriptions are expected, for the time that is left.
    table.bigInteger('expected').notNullable().defaultTo(0);
    table.bigInteger('started_at').notNullable();
    table.bigInteger('progress_at').notNullable();
    table.bigInteger('card_at').notNullable().defaultTo(0);
    table.bigInteger('ended_at');
    table.text('error');
    table.index(['state', 'started_at']);
    table.index(['correlation_id']);
  });
  // Of everybody at once there is one run, however many ask for it.
  await knex.raw(`
    create unique index reconcile_runs_one_open on reconcile_runs (mode)
    where customer_id is null and state in ('running', 'waiting')`);

  // A piece of a list: of Stripe's by the time of creation, or of ours by id. The cursor is kept page by page.
  await knex.schema.createTable('reconcile_shards', (table) => {
    table.text('id').primary();
    table.text('run_id').notNullable().references('reconcile_runs.id');
    table.text('list').notNullable();
    table.bigInteger('from_at').notNullable();
    table.bigInteger('before_at').notNullable();
    table.text('cursor');
    table.bigInteger('cursor_at');
    // How many of the last page's last second were here, too: the next page may go on within that second.
    table.integer('cursor_known').notNullable().defaultTo(0);
    table.integer('pages').notNullable().defaultTo(0);
    table.integer('full_pages').notNullable().defaultTo(0);
    table.bigInteger('seen').notNullable().defaultTo(0);
    table.text('state').notNullable().checkIn(['open', 'done']);
    table.text('lease_token');
    table.bigInteger('lease_until').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable().defaultTo(0);
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('error');
    table.index(['run_id', 'state']);
  });

  // Whose data looked different on a page: looked at alone, and freshly, before anything is said about them.
  await knex.schema.createTable('reconcile_suspects', (table) => {
    table.text('run_id').notNullable().references('reconcile_runs.id');
    // cus_…, or cust_… of one who has no Stripe customer.
    table.text('subject').notNullable();
    // JSON text of what the page said that a look at the customer alone would not show.
    table.text('hint');
    table.text('state').notNullable().checkIn(['open', 'done']);
    table.bigInteger('found_at').notNullable();
    // What the look before saw: only what two looks see alike is a finding.
    table.text('seen_hash');
    table.bigInteger('seen_at');
    table.text('lease_token');
    table.bigInteger('lease_until').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable().defaultTo(0);
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('error');
    table.primary(['run_id', 'subject']);
    table.index(['run_id', 'state', 'next_attempt_at']);
  });

  await knex.schema.createTable('reconcile_findings', (table) => {
    table.text('id').primary();
    table.text('run_id').notNullable().references('reconcile_runs.id');
    table.text('kind').notNullable();
    table.text('subject').notNullable();
    table.text('customer_id').references('customers.id');
    table.text('stripe_customer_id');
    // JSON text: { stripe, lucy }, both sides in words.
    table.text('evidence').notNullable();
    // A sentence.
    table.text('action').notNullable();
    table.text('state').notNullable().checkIn(['open', 'applied', 'refused', 'gone', 'ambiguous']);
    // Why it was refused, or is gone; a sentence.
    table.text('outcome');
    // Who asked for its repair: while it is open, it waits for its turn.
    table.text('apply_run');
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable().defaultTo(0);
    table.bigInteger('found_at').notNullable();
    table.bigInteger('settled_at');
    table.unique(['run_id', 'kind', 'subject']);
    table.index(['kind', 'subject']);
    table.index(['apply_run', 'state']);
  });

  // Payments that the next pass over their customer settles, though no event asks for it.
  await knex.schema.createTable('payment_asks', (table) => {
    table.text('payment_id').primary();
    table.text('stripe_customer_id').notNullable().index();
    table.text('session_id');
    table.bigInteger('asked_at').notNullable();
  });

  // What may be asked of somebody else's service, shared by all processes: the next free moment, in microseconds.
  await knex.schema.createTable('rate_budgets', (table) => {
    table.text('name').primary();
    table.bigInteger('next_at_us').notNullable();
    // What a second holds now; it is halved when the service says “too fast”, and recovers by itself.
    table.bigInteger('per_minute').notNullable();
    table.bigInteger('slowed_at').notNullable().defaultTo(0);
    table.bigInteger('refusals').notNullable().defaultTo(0);
  });

  // A page of Stripe's list spans a time: as many as that must be here, in the same time.
  await knex.raw('create index subscriptions_made on subscriptions (mode, created_at) where gone_at is null');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index subscriptions_made');
  const names = ['rate_budgets', 'payment_asks', 'reconcile_findings', 'reconcile_suspects'];
  for (const name of [...names, 'reconcile_shards', 'reconcile_runs']) await knex.schema.dropTable(name);
}
