import type { Database } from '#db/connection.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { insertCustomerIfNew } from '#db/customers.ts';
import { inTransaction } from '#db/transaction.ts';
import { newId } from '#src/core/ids.ts';
import { type Grant, grantCredits } from '#src/credits/grant.ts';
import { spendCredits } from '#src/credits/spend.ts';
import { freshDatabase } from './fresh-database.ts';
import { testCause } from './test-cause.ts';
import { testStart } from './test-clock.ts';

export type LedgerWorld = {
  database: Database;
  url: string;
  customerId: string;
  grant(
    amount: number,
    patch?: Partial<Grant>,
    now?: number,
  ): Promise<{ entry: CreditEntryRow; isNew: boolean }>;
  spend(amount: number, key: string, now?: number): Promise<{ entry: CreditEntryRow; isNew: boolean }>;
  balance(): Promise<number>;
  /** Source of a lot → what is left of it. */
  lots(): Promise<Record<string, number>>;
};

/** One customer and the ledger alone, without commands around it. */
export async function ledgerWorld(): Promise<LedgerWorld> {
  const { database, url } = await freshDatabase();
  const customerId = newId('cust', testStart);
  await insertCustomerIfNew(database.knex, {
    id: customerId,
    email: 'sofia@firm.com',
    name: null,
    email_verified_at: null,
    created_at: testStart,
  });
  let counter = 0;
  return {
    database,
    url,
    customerId,
    grant(amount, patch = {}, now = testStart) {
      const source = patch.sourceId ?? `source-${++counter}`;
      const grant: Grant = {
        customerId,
        amount,
        key: `test:${source}:grant`,
        sourceKind: 'staff',
        sourceId: source,
        ...patch,
      };
      return inTransaction(database, (sql) => grantCredits(sql, testCause(now), grant));
    },
    spend(amount, key, now = testStart) {
      const spend = { customerId, amount, key, sourceKind: 'usage', sourceId: key };
      return inTransaction(database, (sql) => spendCredits(sql, testCause(now), spend));
    },
    async balance() {
      return (await database.knex('credit_accounts').first('balance'))?.balance ?? 0;
    },
    async lots() {
      const rows: { source_id: string; remaining: number }[] = await database
        .knex('credit_lots')
        .orderBy('id');
      return Object.fromEntries(rows.map((row) => [row.source_id, row.remaining]));
    },
  };
}
