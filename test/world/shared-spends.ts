import type { Database } from '#db/connection.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { insertCustomerIfNew } from '#db/customers.ts';
import { newId } from '#src/core/ids.ts';
import type { SharedSpend } from '#src/credits/decide-spends.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { ledgerWorld } from './ledger-world.ts';
import { testCause } from './test-cause.ts';
import { testStart } from './test-clock.ts';

/** A spend as the product's API asks for it, without HTTP around it. */
export function sharedSpend(customerId: string, key: string, amount: number, now = testStart): SharedSpend {
  const cause = testCause(now);
  return {
    cause,
    who: { id: customerId },
    amount,
    key: `api:${key}`,
    sourceKind: 'api',
    sourceId: key,
    request: { scope: 'caller', key, fingerprint: `${customerId} ${amount}` },
    tell: (customer, entry) => ({
      status: 200,
      text: JSON.stringify({ entry: entry.id, balance: entry.balance_after }),
      audit: {
        command: 'credits consume',
        outcome: 'done',
        customerId: customer.customer_id,
        input: { amount },
        before: null,
        after: { entry: entry.id },
      },
      usage: null,
    }),
  };
}

/**
 * Sofia and another customer with 100 credits each, and what Sofia spent in one transaction: a credit at a time.
 *
 * @param delays milliseconds after the start at which each was asked for
 */
export async function sofiaSpent(delays: readonly number[]) {
  const world = await ledgerWorld();
  const { database, customerId, grant } = world;
  const otherId = newId('cust', testStart);
  const other = { id: otherId, email: 'other@firm.com', name: null, email_verified_at: null };
  await insertCustomerIfNew(database.knex, { ...other, created_at: testStart });
  await grant(100);
  await grant(100, { customerId: otherId });
  const together = createSpendTogether(database);
  await Promise.all(
    delays.map((delay, index) => together(sharedSpend(customerId, `spend-${index}`, 1, testStart + delay))),
  );
  const entries: CreditEntryRow[] = await database
    .knex('credit_entries')
    .whereNotNull('audit_id')
    .orderBy('seq');
  return { ...world, otherId, entries };
}

/** Somebody who owns the database takes the guards of a table away. */
export async function dropGuardsOf({ knex, engine }: Database, table: string): Promise<void> {
  if (engine === 'postgres') return knex.raw(`alter table ${table} disable trigger user`);
  for (const act of ['update', 'delete']) await knex.raw(`drop trigger ${table}_no_${act}`);
}
