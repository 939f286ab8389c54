import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { listAuditByCorrelation, searchAuditEvents } from '#db/audit-events.ts';
import { openDatabase } from '#db/connection.ts';
import { insertCustomerIfNew } from '#db/customers.ts';
import { inTransaction } from '#db/transaction.ts';
import { newId } from '#src/core/ids.ts';
import type { SpendEnd } from '#src/credits/decide-spends.ts';
import { grantCredits } from '#src/credits/grant.ts';
import { holdCredits } from '#src/credits/hold.ts';
import { proveLedger } from '#src/credits/prove.ts';
import { InsufficientCredits, spendCredits } from '#src/credits/spend.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { type LedgerWorld, ledgerWorld } from '#test/world/ledger-world.ts';
import { runProgram } from '#test/world/run-program.ts';
import { sharedSpend } from '#test/world/shared-spends.ts';
import { testCause } from '#test/world/test-cause.ts';
import { testStart } from '#test/world/test-clock.ts';

const later = testStart + 60_000;

/** What a customer may have before the spends: lots, of which some lapse, one is frozen, some credits are held. */
const holdings = fc.record({
  lots: fc.array(
    fc.record({
      amount: fc.integer({ min: 1, max: 9 }),
      expires: fc.constantFrom('never', 'never', 'later', 'soon', 'lapsed'),
      isFrozen: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  held: fc.integer({ min: 0, max: 4 }),
});
const spends = fc.array(
  fc.record({ who: fc.nat(1), key: fc.nat(11), amount: fc.integer({ min: 1, max: 6 }) }),
  { minLength: 1, maxLength: 16 },
);
type Holdings = { lots: { amount: number; expires: string; isFrozen: boolean }[]; held: number };

async function openCustomer({ database }: LedgerWorld, { lots, held }: Holdings): Promise<string> {
  const id = newId('cust', testStart);
  const email = `${id}@firm.com`;
  const row = { id, email, name: null, email_verified_at: null, created_at: testStart };
  await insertCustomerIfNew(database.knex, row);
  const ends = { never: null, lapsed: testStart + 1, soon: later + 1, later: later + 60_000 };
  await inTransaction(database, async (sql) => {
    for (const [index, lot] of lots.entries()) {
      const source = `${id}:${index}`;
      const expiresAt = ends[lot.expires as keyof typeof ends];
      const grant = { customerId: id, amount: lot.amount, sourceKind: 'staff' as const, sourceId: source };
      await grantCredits(sql, testCause(), { ...grant, key: source, expiresAt });
      if (lot.isFrozen && index === 0)
        await sql('credit_lots').where({ source_id: source }).update({ frozen_at: testStart });
    }
    const hold = { customerId: id, amount: held, expiresAt: later + 60_000 };
    if (held > 0) await holdCredits(sql, testCause(), hold).catch(() => {});
  });
  return id;
}

/** What is left of everything of a customer, without ids. */
async function stateOf({ database }: LedgerWorld, customerId: string) {
  const account = await database.knex('credit_accounts').where({ customer_id: customerId }).first();
  if (!account) return null;
  const own = { account_id: account.id };
  const { balance, held, debt, next_seq } = account;
  const lots = await database.knex('credit_lots').where(own).orderBy('created_at').orderBy('id');
  const entries = await database.knex('credit_entries').where(own).orderBy('seq');
  return {
    account: { balance, held, debt, next_seq },
    lots: lots.map((lot) => lot.remaining),
    entries: entries.map(({ seq, type, amount, balance_after }) => ({ seq, type, amount, balance_after })),
  };
}

test('spends that share a transaction leave what the same spends leave one by one', async () => {
  const world = await ledgerWorld();
  const { database } = world;
  const together = createSpendTogether(database);
  let runs = 0;

  const alone = (id: string, key: string, amount: number) =>
    inTransaction(database, (sql) =>
      spendCredits(sql, testCause(later), {
        customerId: id,
        amount,
        key: `api:${key}`,
        sourceKind: 'api',
        sourceId: key,
      }),
    ).then(
      () => 'spent',
      (error) => (error instanceof InsufficientCredits ? `refused ${error.spendable}` : 'key reused'),
    );

  await fc.assert(
    fc.asyncProperty(fc.tuple(holdings, holdings), spends, async (had, asked) => {
      const run = ++runs;
      const shared = [await openCustomer(world, had[0]), await openCustomer(world, had[1])];
      const model = [await openCustomer(world, had[0]), await openCustomer(world, had[1])];
      const named = (kind: string, { key }: { key: number }) => `${kind}-${run}-${key}`;

      const ends = await Promise.all(
        asked.map((one) =>
          together(sharedSpend(shared[one.who] ?? '', named('shared', one), one.amount, later)),
        ),
      );
      const told: string[] = [];
      for (const [index, end] of ends.entries()) {
        const one = asked[index] ?? { who: 0, key: 0, amount: 1 };
        if (end.kind !== 'not plain') told.push(wordsOf(end));
        else told.push(await alone(shared[one.who] ?? '', named('shared', one), one.amount));
      }
      const expected: string[] = [];
      for (const one of asked)
        expected.push(await alone(model[one.who] ?? '', named('model', one), one.amount));

      // One key for two customers is the first who came; those that go alone come after the shared ones.
      const isOrdered = ends.every((end) => end.kind !== 'not plain');
      if (isOrdered) expect(told).toEqual(expected);
      for (const which of [0, 1])
        if (isOrdered || new Set(asked.map((one) => one.who)).size === 1)
          expect(await stateOf(world, shared[which] ?? '')).toEqual(await stateOf(world, model[which] ?? ''));
      expect(await proveLedger(database.knex, testCause())).toBe(0);
    }),
    { numRuns: 30 },
  );
}, 120_000);

function wordsOf(end: SpendEnd): string {
  if (end.kind === 'refused')
    return `refused ${end.error instanceof InsufficientCredits ? end.error.spendable : '?'}`;
  return end.kind === 'repeated' ? 'spent' : end.kind;
}

test('a hundred spends at once are one transaction, each with its entry, its audit row and its answer', async () => {
  const world = await ledgerWorld();
  const { database, customerId, grant, balance } = world;
  await grant(90);
  const together = createSpendTogether(database);
  const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`);

  const ends = await Promise.all(keys.map((key) => together(sharedSpend(customerId, key, 1))));
  const again = await together(sharedSpend(customerId, 'key-0', 1));
  const other = await together(sharedSpend(customerId, 'key-0', 2));

  expect(ends.filter((end) => end.kind === 'spent')).toHaveLength(90);
  expect(ends.filter((end) => end.kind === 'refused')).toHaveLength(10);
  expect(again).toEqual({ kind: 'repeated', status: 200, text: textOf(ends[0]) });
  expect(other).toEqual({ kind: 'key reused' });
  expect(await balance()).toBe(0);
  const entries = await database.knex('credit_entries').where({ type: 'spend' });
  expect(entries).toHaveLength(90);
  for (const { id, correlation_id: correlationId } of entries) {
    const audited = await listAuditByCorrelation(database.knex, correlationId);
    expect(audited).toMatchObject([
      {
        command: 'credits consume',
        outcome: 'done',
        actor_name: testCause().actor.name,
        customer_id: customerId,
      },
    ]);
    expect(JSON.parse(audited[0]?.after ?? '')).toMatchObject({ entry: id });
  }
  for (const [index, key] of keys.entries())
    if (ends[index]?.kind === 'spent')
      expect(await together(sharedSpend(customerId, key, 1))).toMatchObject({ text: textOf(ends[index]) });
  expect(await proveLedger(database.knex, testCause())).toBe(0);
});

function textOf(end: SpendEnd | undefined): string {
  return end && 'text' in end ? end.text : '';
}

test('two processes with the same keys at once: each key is one debit, and both hear the same answer', async () => {
  const { database, url, customerId, grant, balance } = await ledgerWorld();
  await grant(30);
  const other = openDatabase(url, { busyTimeoutMs: 50 });
  onTestFinished(() => other.close());
  const both = [createSpendTogether(database), createSpendTogether(other)];
  const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);

  const ends = await Promise.all(
    both.map((together) => Promise.all(keys.map((key) => together(sharedSpend(customerId, key, 1))))),
  );

  // Where both wrote one new key in the same moment, one batch gives way and its spends are done alone.
  const entries = await database.knex('credit_entries').where({ type: 'spend' });
  expect(new Set(entries.map((row) => row.idempotency_key)).size).toBe(entries.length);
  expect(entries).toHaveLength(30);
  expect(await balance()).toBe(0);
  const texts = new Map<string, Set<string>>();
  for (const side of ends)
    for (const [index, end] of side.entries())
      if ('text' in end) texts.set(`${index}`, (texts.get(`${index}`) ?? new Set()).add(end.text));
  expect([...texts.values()].every((said) => said.size === 1)).toBe(true);
  expect(await proveLedger(database.knex, testCause())).toBe(0);
});

test('a spend that cannot be decided sends the others of its batch on their own way, and nothing is half done', async () => {
  const { database, customerId, grant, balance } = await ledgerWorld();
  await grant(10);
  const together = createSpendTogether(database);
  const bad = { ...sharedSpend(customerId, 'bad', 1), tell: () => fail() };

  const ends = await Promise.all([
    together(sharedSpend(customerId, 'first', 1)),
    together(bad),
    together(sharedSpend(customerId, 'last', 1)),
  ]);

  expect(ends.map((end) => end.kind)).toEqual(['not plain', 'not plain', 'not plain']);
  expect(await balance()).toBe(10);
  expect(await database.knex('api_requests')).toEqual([]);
});

function fail(): never {
  throw new Error('a defect of one caller');
}

test('killed in the midst of a shared transaction: what was answered is there, nothing else, and sent again all is done once', async () => {
  const { database, url, customerId, grant, balance } = await ledgerWorld();
  await grant(100);

  const killed = await runProgram('spend-in-waves', [url, customerId, '30']);
  const after = await database.knex('credit_entries').where({ type: 'spend' }).orderBy('seq');
  const answered = killed.out.match(/spent wave-\d-\d+/g) ?? [];
  const ended = await runProgram('spend-in-waves', [url, customerId]);

  expect(killed.signal).toBe('SIGKILL');
  expect(answered).toHaveLength(20);
  expect(after.map((row) => `spent ${row.source_id}`).sort()).toEqual([...answered].sort());
  expect(ended.out.match(/repeated/g)).toHaveLength(20);
  expect(ended.out.match(/spent/g)).toHaveLength(40);
  expect(await balance()).toBe(40);
  expect(await searchAuditEvents(database.knex, { command: 'credits consume' }, null, 100)).toHaveLength(60);
  expect(await proveLedger(database.knex, testCause())).toBe(0);
}, 60_000);
