import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import { UserError } from '#src/core/errors.ts';
import { proveLedger } from '#src/credits/prove.ts';
import { spendCredits } from '#src/credits/spend.ts';
import { ledgerWorld } from '#test/world/ledger-world.ts';
import { testCause } from '#test/world/test-cause.ts';

test('50 spends of 7 at once on a balance of 10, through several connections: exactly one posts (row 41)', async () => {
  const { grant, url, database, customerId, balance } = await ledgerWorld();
  await grant(10);
  const handles = [1, 2, 3].map(() => openDatabase(url, { busyTimeoutMs: 5, poolMax: 4 }));
  onTestFinished(async () => {
    for (const handle of handles) await handle.close();
  });

  const spends = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => {
      const key = `usage:${index}`;
      const spend = { customerId, amount: 7, key, sourceKind: 'usage', sourceId: key };
      return inTransaction(handles[index % handles.length] ?? database, (sql) =>
        spendCredits(sql, testCause(), spend),
      );
    }),
  );

  const reasons = spends.flatMap((spend) => (spend.status === 'rejected' ? [spend.reason] : []));
  expect(spends.filter((spend) => spend.status === 'fulfilled')).toHaveLength(1);
  expect(reasons.every((reason) => reason instanceof UserError && reason.code === 'insufficient')).toBe(true);
  expect(await balance()).toBe(3);
  expect(await proveLedger(database.knex, testCause())).toBe(0);
});

test('the same usage at once through several connections is one debit', async () => {
  const { grant, url, database, customerId, balance } = await ledgerWorld();
  await grant(10);
  const other = openDatabase(url, { busyTimeoutMs: 5 });
  onTestFinished(() => other.close());
  const spend = { customerId, amount: 7, key: 'usage:1', sourceKind: 'usage', sourceId: 'usage:1' };

  const spends = await Promise.all(
    [database, other, database, other].map((handle) =>
      inTransaction(handle, (sql) => spendCredits(sql, testCause(), spend)),
    ),
  );

  expect(spends.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(new Set(spends.map(({ entry }) => entry.id)).size).toBe(1);
  expect(await balance()).toBe(3);
});
