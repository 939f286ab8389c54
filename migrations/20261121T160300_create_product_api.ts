import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // How the product itself names a customer; those whom only staff or Stripe brought have no such name.
  await knex.schema.createTable('product_customers', (table) => {
    table.text('product_id').primary();
    table.text('customer_id').notNullable().unique().references('customers.id');
    table.bigInteger('created_at').notNullable();
  });

  // Credits set aside for a call that still runs. `covered` is what of the amount is really there: a lot that lapses,
  // or a refund, may take held credits away. The open holds of an account add up to its `held`.
  await knex.schema.createTable('credit_holds', (table) => {
    table.text('id').primary();
    table.text('account_id').notNullable().references('credit_accounts.id');
    table.bigInteger('amount').notNullable();
    table.bigInteger('covered').notNullable();
    table.text('state').notNullable().checkIn(['open', 'settled', 'void', 'expired']);
    // What the call cost, how much of that was there to be spent, and the entry that spent it.
    table.bigInteger('asked');
    table.bigInteger('settled').notNullable().defaultTo(0);
    table.text('entry_id').references('credit_entries.id');
    table.bigInteger('expires_at').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('ended_at');
    table.text('actor').notNullable();
    table.text('reason');
    table.text('correlation_id').notNullable().index();
    table.check(
      "amount > 0 and 0 <= covered and covered <= amount and 0 <= settled and settled <= amount and (state = 'open' or covered = 0)",
      [],
      'credit_holds_sane',
    );
    table.check("(state = 'open') = (ended_at is null)", [], 'credit_holds_ended');
    table.index(['account_id', 'state']);
  });

  // What each AI call used, as the product tells it: one row and at most one debit for each usage id.
  await knex.schema.createTable('ai_usage', (table) => {
    table.text('usage_id').primary();
    table.text('customer_id').notNullable().references('customers.id');
    table.bigInteger('credits').notNullable();
    table.text('entry_id').references('credit_entries.id');
    table.text('hold_id').references('credit_holds.id');
    table.text('model');
    table.text('meta').notNullable();
    table.bigInteger('at').notNullable();
    table.bigInteger('received_at').notNullable();
    table.text('actor').notNullable();
    table.text('correlation_id').notNullable().index();
    table.index(['customer_id', 'at']);
    table.index(['received_at']);
  });

  // The product's own counter of what a customer produced; disputes and reconciliation compare it.
  await knex.schema.createTable('reports', (table) => {
    table.text('report_id').primary();
    table.text('customer_id').notNullable().references('customers.id');
    table.text('kind');
    table.text('meta').notNullable();
    table.bigInteger('at').notNullable();
    table.bigInteger('received_at').notNullable();
    table.text('actor').notNullable();
    table.text('correlation_id').notNullable().index();
    table.index(['customer_id', 'at']);
  });

  // The first answer to each key, to be given again. Written in the transaction of what it answers.
  await knex.schema.createTable('api_requests', (table) => {
    table.text('scope').notNullable();
    table.text('key').notNullable();
    table.text('fingerprint').notNullable();
    table.integer('status');
    table.text('answer');
    table.bigInteger('at').notNullable();
    table.primary(['scope', 'key']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['api_requests', 'reports', 'ai_usage', 'credit_holds', 'product_customers']) {
    await knex.schema.dropTable(name);
  }
}
