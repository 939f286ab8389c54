import { expect, test } from 'vitest';
import {
  type AuditFilter,
  type FoundAuditRow,
  findAuditEvent,
  listAuditByCorrelation,
  searchAuditEvents,
} from '#db/audit-events.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { listNewestOf } from '#db/customer-history.ts';
import { insertCustomerIfNew } from '#db/customers.ts';
import { inTransaction } from '#db/transaction.ts';
import { sealNext } from '#src/audit/seal.ts';
import { findAudit } from '#src/audit/search.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { newId } from '#src/core/ids.ts';
import { auditLedger } from '#src/credits/audit-ledger.ts';
import { proveLedger } from '#src/credits/prove.ts';
import { reverseEntry } from '#src/credits/reverse.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { type LedgerWorld, ledgerWorld } from '#test/world/ledger-world.ts';
import { sharedSpend } from '#test/world/shared-spends.ts';
import { testCause } from '#test/world/test-cause.ts';
import { testClock, testStart } from '#test/world/test-clock.ts';

/** Two customers, 60 spends in two batches of 30: each of them has every second one. */
async function spentTogether() {
  const world = await ledgerWorld();
  const { database, customerId } = world;
  const otherId = newId('cust', testStart);
  await insertCustomerIfNew(database.knex, {
    id: otherId,
    email: 'other@firm.com',
    name: null,
    email_verified_at: null,
    created_at: testStart,
  });
  await world.grant(100);
  await world.grant(100, { customerId: otherId });
  const together = createSpendTogether(database);
  for (const batch of [0, 1])
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const now = testStart + batch * 1_000 + index;
        const who = index % 2 === 0 ? customerId : otherId;
        return together(sharedSpend(who, `spend-${batch}-${index}`, 1, now));
      }),
    );
  const entries: CreditEntryRow[] = await database
    .knex('credit_entries')
    .where({ type: 'spend' })
    .orderBy('id');
  return { ...world, otherId, together, entries };
}

async function everything({ database }: LedgerWorld, filter: AuditFilter, page: number) {
  const found: FoundAuditRow[] = [];
  for (let after: FoundAuditRow | null = null; ; after = found.at(-1) ?? null) {
    const rows = await searchAuditEvents(database.knex, filter, after, page);
    found.push(...rows);
    if (rows.length < page) return found;
  }
}

test('many spends in one transaction are one audit row, and read as one for each spend', async () => {
  const world = await spentTogether();
  const { database, customerId, entries } = world;

  expect(await database.knex('audit_events').whereNotNull('covers')).toHaveLength(2);
  expect(entries.every((entry) => entry.lot_id !== null && entry.audit_id !== null)).toBe(true);
  for (const entry of entries.slice(0, 5)) {
    const [audited, ...more] = await listAuditByCorrelation(database.knex, entry.correlation_id);
    expect(more).toEqual([]);
    expect(audited).toMatchObject({
      command: 'credits consume',
      outcome: 'done',
      at: entry.at,
      reason: 'a test',
      actor_id: entry.actor,
      before: JSON.stringify({ credits: entry.balance_after + 1 }),
      after: JSON.stringify({ credits: entry.balance_after, entry: entry.id }),
    });
    expect(await findAuditEvent(database.knex, audited?.id ?? '')).toEqual(audited);
  }
  const span = { from: testStart, to: testStart + 5_000, limit: 10 };
  const newest = await listNewestOf(database.knex, 'audit_events', [customerId], span);
  expect(newest.map((row) => row.at)).toEqual(
    entries
      .filter((_, index) => index % 2 === 0)
      .slice(-10)
      .map((entry) => entry.at),
  );
});

test.each([1, 7, 100])('a search finds each once, newest first, %i rows a page', async (page) => {
  const world = await spentTogether();
  const { customerId, entries } = world;
  const ids = (rows: readonly FoundAuditRow[]) => rows.map((row) => JSON.parse(row.after).entry);
  const newestFirst = entries.map((entry) => entry.id).reverse();

  expect(ids(await everything(world, { command: 'credits consume' }, page))).toEqual(newestFirst);
  expect(ids(await everything(world, { customerId }, page))).toEqual(
    newestFirst.filter((_, index) => index % 2 === 1),
  );
  expect(await everything(world, { customerId, ticket: 'ZD-812' }, page)).toEqual([]);
  expect(await everything(world, { customerId, actorName: 'nobody' }, page)).toEqual([]);
  const some: FoundAuditRow[] = [];
  for await (const row of findAudit(world.database.knex, { from: testStart + 1_000 }, 1_000)) some.push(row);
  expect(ids(some)).toEqual(newestFirst.slice(0, 30));
});

/** Somebody who owns the database takes the guards away. */
async function dropGuards({ database: { knex, engine } }: LedgerWorld): Promise<void> {
  if (engine === 'postgres') return knex.raw('alter table credit_entries disable trigger user');
  for (const act of ['update', 'delete']) await knex.raw(`drop trigger credit_entries_no_${act}`);
}

test.each<[string, (world: LedgerWorld, entry: CreditEntryRow) => PromiseLike<unknown>]>([
  [
    'taken by somebody else',
    ({ database }, { id }) => database.knex('credit_entries').where({ id }).update({ actor: 'sam' }),
  ],
  [
    'with another reason',
    ({ database }, { id }) => database.knex('credit_entries').where({ id }).update({ reason: null }),
  ],
  [
    'of another amount',
    ({ database }, { id }) => database.knex('credit_entries').where({ id }).update({ amount: -2 }),
  ],
  [
    'taken out of its row',
    ({ database }, { id }) => database.knex('credit_entries').where({ id }).update({ audit_id: null }),
  ],
  ['deleted', ({ database }, { id }) => database.knex('credit_entries').where({ id }).delete()],
  [
    'put in',
    ({ database }, entry) =>
      database.knex('credit_entries').insert({
        ...entry,
        id: `${entry.id}0`,
        seq: 900,
        idempotency_key: 'forged',
      }),
  ],
])('sealed once, each spend is under the seal: one that is %s is noticed', async (_how, forge) => {
  const world = await spentTogether();
  const { database, entries } = world;
  const deps = { database, clock: testClock() };
  while ((await sealNext(deps)) > 0);
  expect(await verifyAudit(database.knex, testStart)).toMatchObject({ problemCount: 0 });
  await dropGuards(world);

  await forge(world, entries[10] as CreditEntryRow);

  const { problems, problemCount } = await verifyAudit(database.knex, testStart);
  expect(problemCount).toBe(1);
  expect(problems[0]).toMatchObject({ kind: 'altered', auditId: entries[10]?.audit_id });
  expect(problems[0]?.sentence).toMatch(
    /^The ledger entries that the audit row aud_\w+, sealed as \d+, stands for/,
  );
});

test('what a spend drew on stands in its entry: it is proved, and comes back into its lot', async () => {
  const { database, customerId, entries } = await spentTogether();
  const entry = entries[0] as CreditEntryRow;

  await inTransaction(database, (sql) =>
    reverseEntry(sql, testCause(), { customerId, entryId: entry.id, atMost: 1, key: 'back' }),
  );

  expect(await database.knex('credit_accounts').where({ customer_id: customerId }).pluck('balance')).toEqual([
    71,
  ]);
  expect(await database.knex('credit_lots').where({ id: entry.lot_id }).pluck('remaining')).toEqual([71]);
  expect(await proveLedger(database.knex, testCause())).toBe(0);
  const watch = { onStart() {}, onEntry() {} };
  expect((await auditLedger(database.knex, customerId, watch)).problems).toEqual([]);
  await expect(
    inTransaction(database, (sql) =>
      reverseEntry(sql, testCause(), { customerId, entryId: entry.id, atMost: 1, key: 'again' }),
    ),
  ).rejects.toThrow('Nothing of entry');
});

test('a spend that drew on two lots says so in rows of its own, also among others', async () => {
  const { database, customerId, grant } = await ledgerWorld();
  await grant(3);
  await grant(9);
  const together = createSpendTogether(database);

  await Promise.all(
    [2, 2, 2].map((amount, index) => together(sharedSpend(customerId, `k-${index}`, amount))),
  );

  const entries = await database.knex('credit_entries').where({ type: 'spend' }).orderBy('seq');
  expect(entries.map((entry) => entry.lot_id === null)).toEqual([false, true, false]);
  const parts = await database
    .knex('credit_allocations')
    .where({ entry_id: entries[1].id })
    .orderBy('lot_id');
  expect(parts.map((part) => Number(part.amount))).toEqual([-1, -1]);
  expect((await auditLedger(database.knex, customerId, { onStart() {}, onEntry() {} })).problems).toEqual([]);
});
