import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('credit_accounts', (table) => {
    table.text('id').primary();
    table.text('customer_id').notNullable().unique().references('customers.id');
    table.bigInteger('balance').notNullable().defaultTo(0);
    table.bigInteger('held').notNullable().defaultTo(0);
    // What a clawback could not take because it was spent already.
    table.bigInteger('debt').notNullable().defaultTo(0);
    table.bigInteger('next_seq').notNullable().defaultTo(1);
    table.check('balance >= 0 and held >= 0 and held <= balance and debt >= 0', [], 'credit_accounts_sane');
  });

  // A lot is what one grant brought, and what is left of it.
  await knex.schema.createTable('credit_lots', (table) => {
    table.text('id').primary();
    table.text('account_id').notNullable().references('credit_accounts.id');
    table.text('source_kind').notNullable().checkIn(['staff', 'payment', 'import']);
    table.text('source_id').notNullable();
    // The payment, subscription and period that paid for it, where one did.
    table.text('payment_id').index();
    table.text('subscription_id');
    table.bigInteger('period_end');
    table.bigInteger('granted').notNullable();
    table.bigInteger('remaining').notNullable();
    table.integer('priority').notNullable();
    table.bigInteger('expires_at');
    table.bigInteger('frozen_at');
    table.bigInteger('created_at').notNullable();
    table.check('0 <= remaining and remaining <= granted', [], 'credit_lots_sane');
    table.unique(['source_kind', 'source_id']);
    table.index(['account_id', 'remaining']);
    table.index(['subscription_id', 'period_end']);
  });

  await knex.schema.createTable('credit_entries', (table) => {
    table.text('id').primary();
    table.text('account_id').notNullable().references('credit_accounts.id');
    table.bigInteger('seq').notNullable();
    table.text('type').notNullable().checkIn(['grant', 'spend', 'expire', 'reverse', 'reinstate']);
    // Signed: what the balance moved by.
    table.bigInteger('amount').notNullable();
    table.bigInteger('balance_after').notNullable();
    table.text('idempotency_key').notNullable().unique();
    table.text('fingerprint').notNullable();
    table.text('source_kind').notNullable();
    table.text('source_id').notNullable();
    table.text('reversal_of').index();
    table.text('actor').notNullable();
    table.text('reason');
    table.text('ticket');
    table.text('correlation_id').notNullable().index();
    table.bigInteger('at').notNullable();
    table.unique(['account_id', 'seq']);
  });

  // Which lot each entry filled or drew on.
  await knex.schema.createTable('credit_allocations', (table) => {
    table.text('entry_id').notNullable().references('credit_entries.id');
    table.text('lot_id').notNullable().references('credit_lots.id');
    table.bigInteger('amount').notNullable();
    table.primary(['entry_id', 'lot_id']);
    table.index(['lot_id']);
  });

  for (const name of ['credit_entries', 'credit_allocations']) await makeAppendOnly(knex, name);
}

async function makeAppendOnly(knex: Knex, name: string): Promise<void> {
  if (isSqlite(knex)) {
    for (const act of ['update', 'delete']) {
      await knex.raw(`
        create trigger ${name}_no_${act} before ${act} on ${name}
        begin select raise(abort, '${name} is append-only'); end`);
    }
    return;
  }
  await knex.raw(`
    create trigger ${name}_append_only before update or delete or truncate on ${name}
    for each statement execute function lucy_append_only()`);
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['credit_allocations', 'credit_entries', 'credit_lots', 'credit_accounts']) {
    await knex.schema.dropTable(name);
  }
}
