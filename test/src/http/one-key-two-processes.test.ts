import { expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { insertCustomerIfNew } from '#db/customers.ts';
import { newId } from '#src/core/ids.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { consumeCredits } from '#src/http/api/consume-credits.ts';
import type { ChangeRoute } from '#src/http/api/define-route.ts';
import { runChange } from '#src/http/api/run-change.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { ledgerWorld } from '#test/world/ledger-world.ts';
import { testCause } from '#test/world/test-cause.ts';
import { testStart } from '#test/world/test-clock.ts';

const KEYS = ['one', 'two', 'three'];

function consuming(database: Database, email: string) {
  const spendTogether = createSpendTogether(database);
  return KEYS.map((key) =>
    runChange(
      { database, settings: sampleSettings, spendTogether },
      testCause(),
      consumeCredits as ChangeRoute,
      { id: '', input: { email, amount: 1 }, key },
      { scope: 'caller', key },
    ).then(
      () => 'spent',
      (error) => error.code,
    ),
  );
}

/** On Postgres both batches have read, and found nothing, before either writes; SQLite lets one in at a time anyway. */
async function heldUntilBothRead({ knex, engine }: Database, begin: () => Promise<string>[][]) {
  if (engine === 'sqlite') return Promise.all(begin().map((side) => Promise.all(side)));
  const holder = await knex.transaction();
  await holder.raw('lock table credit_entries in share mode');
  const sides = begin();
  await expect
    .poll(async () => {
      const { rows } = await holder.raw(`
        select count(*)::integer as waiting from pg_locks
        where not granted and database = (select oid from pg_database where datname = current_database())`);
      return rows[0].waiting;
    })
    .toBeGreaterThanOrEqual(2);
  await holder.commit();
  return Promise.all(sides.map((side) => Promise.all(side)));
}

test('two processes that use one key for two customers in the same instant: one spends, the other is told', async () => {
  const { database, url, grant } = await ledgerWorld();
  const other = openDatabase(url, { poolMax: 2 });
  onTestFinished(() => other.close());
  const otherId = newId('cust', testStart);
  const email = 'other@firm.com';
  const row = { id: otherId, email, name: null, email_verified_at: null, created_at: testStart };
  await insertCustomerIfNew(database.knex, row);
  await grant(10);
  await grant(10, { customerId: otherId });

  const [here, there] = await heldUntilBothRead(database, () => [
    consuming(database, 'sofia@firm.com'),
    consuming(other, email),
  ]);

  for (const index of KEYS.keys())
    expect([here?.[index], there?.[index]].sort()).toEqual(['key_reused', 'spent']);
  expect(await database.knex('credit_entries').where({ type: 'spend' })).toHaveLength(KEYS.length);
});
