import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findAccount } from '#db/credit-accounts.ts';
import { findPayment, insertPaymentIfNew, updatePayment } from '#db/payments.ts';
import { inTransaction } from '#db/transaction.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { auditLedger } from '#src/credits/audit-ledger.ts';
import { expireLots } from '#src/credits/expire.ts';
import { setFrozen } from '#src/credits/freeze.ts';
import { openAccount } from '#src/credits/post-entry.ts';
import { findReversible, reverseEntry } from '#src/credits/reverse.ts';
import { settlePayment } from '#src/credits/settle.ts';
import { rounds } from '#test/world/figures.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { type LedgerWorld, ledgerWorld } from '#test/world/ledger-world.ts';
import { testCause } from '#test/world/test-cause.ts';
import { testStart } from '#test/world/test-clock.ts';

const paid = 1_000;
const monthly = 70;
const pack = 30;
const ends = testStart + 5 * HOUR_MS;

type Step =
  | { act: 'refunded'; amount: number }
  | { act: 'spend'; amount: number }
  | { act: 'reverse'; index: number; amount: number }
  | { act: 'freeze'; is: boolean }
  | { act: 'wait'; hours: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ act: fc.constant('refunded' as const), amount: fc.integer({ min: 0, max: paid }) }),
  fc.record({ act: fc.constant('spend' as const), amount: fc.integer({ min: 1, max: 60 }) }),
  fc.record({
    act: fc.constant('reverse' as const),
    index: fc.nat(5),
    amount: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({ act: fc.constant('freeze' as const), is: fc.boolean() }),
  fc.record({ act: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 3 }) }),
);

/** One payment that brought credits that lapse, and credits that never do. */
async function paidWorld() {
  const world = await ledgerWorld();
  const sql = world.database.knex;
  await insertPaymentIfNew(sql, {
    id: 'in_1',
    mode: 'test',
    stripe_customer_id: 'cus_sofia',
    customer_id: world.customerId,
    subscription_id: null,
    payment_intent_id: null,
    charge_id: null,
    status: 'paid',
    billing_reason: null,
    currency: 'usd',
    amount_paid: paid,
    amount_refunded: 0,
    amount_lost: 0,
    paid_at: testStart,
    credits_granted: monthly + pack,
    credits_reversed: 0,
    credits_debt: 0,
    credits_staff_reversed: 0,
    credits_staff_extra: 0,
    credits_lapsed: 0,
    settle_seq: 0,
    fetched_at: testStart,
  });
  const payment = { paymentId: 'in_1', subscriptionId: null, periodEnd: null };
  const of = { sourceKind: 'payment' as const, payment };
  await world.grant(monthly, { ...of, sourceId: 'monthly', expiresAt: ends });
  await world.grant(pack, { ...of, sourceId: 'pack' });
  return world;
}

test('refunds, failures, freezes, spending and time, in any order: the books add up, and nobody owes what they did not spend', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const world = await paidWorld();
      let now = testStart;
      for (const [index, each] of steps.entries()) {
        if (each.act === 'wait') now += each.hours * HOUR_MS;
        else await take(world, each, now, index);
        const account = await findAccount(world.database.knex, world.customerId);
        expect(account?.debt ?? 0).toBeLessThanOrEqual(await netSpent(world));
        expect(await problemsOf(world)).toEqual([]);
      }
      // Everything comes to nothing at the bank: as if there had never been a refund or a dispute.
      await take(world, { act: 'refunded', amount: 0 }, now, 98);
      await take(world, { act: 'freeze', is: false }, now, 99);
      // What was frozen past its end lapses as soon as it is free.
      await take(world, { act: 'freeze', is: false }, now, 99);
      const { knex } = world.database;
      expect(await findPayment(knex, 'in_1')).toMatchObject({
        credits_reversed: 0,
        credits_debt: 0,
        credits_lapsed: 0,
      });
      expect((await findAccount(knex, world.customerId))?.debt).toBe(0);
      const left = await world.lots();
      const isOver = (await monthlyEnd(world)) <= now;
      expect(left.pack).toBe(pack - (await netSpent(world, 'pack')));
      if (!isOver) expect(left.monthly).toBe(monthly - (await netSpent(world, 'monthly')));
      if (isOver) expect(left.monthly).toBe(0);
      expect(await problemsOf(world)).toEqual([]);
    }),
    { numRuns: testEngine === 'sqlite' ? 60 : rounds(15) },
  );
}, 240_000);

test('a part that comes back goes to the lot that gave last, so that nothing lapses that was never to lapse', async () => {
  const world = await paidWorld();

  await take(world, { act: 'refunded', amount: 800 }, testStart, 1);
  expect(await world.lots()).toEqual({ monthly: 0, pack: 20 });
  await take(world, { act: 'refunded', amount: 700 }, ends, 2);

  expect(await world.lots()).toEqual({ monthly: 0, pack: 30 });
  expect(await problemsOf(world)).toEqual([]);
});

async function take(
  world: LedgerWorld,
  each: Exclude<Step, { act: 'wait' }>,
  now: number,
  index: number,
): Promise<void> {
  const { database, customerId } = world;
  const cause = testCause(now);
  await inTransaction(database, async (sql) => {
    const account = await openAccount(sql, cause, customerId);
    await expireLots(sql, cause, account);
    if (each.act === 'freeze') await setFrozen(sql, cause, customerId, 'in_1', each.is);
    if (each.act !== 'refunded') return;
    await updatePayment(sql, 'in_1', { amount_refunded: each.amount });
    const payment = await findPayment(sql, 'in_1');
    if (payment) await settlePayment(sql, cause, customerId, payment);
  });
  if (each.act === 'spend')
    // More than there is, or frozen: refused, and nothing moves.
    await world.spend(each.amount, `usage:${index}`, now).catch(() => {});
  if (each.act === 'reverse') {
    const spends: { id: string }[] = await database
      .knex('credit_entries')
      .where({ type: 'spend' })
      .orderBy('seq');
    const entryId = spends[each.index % Math.max(spends.length, 1)]?.id;
    if (!entryId) return;
    await inTransaction(database, async (sql) => {
      if ((await findReversible(sql, entryId)).amount === 0) return;
      const request = { customerId, entryId, atMost: each.amount, key: `reversal:${index}` };
      await reverseEntry(sql, cause, request);
      await expireLots(sql, cause, await openAccount(sql, cause, customerId));
    });
  }
}

async function problemsOf(world: LedgerWorld): Promise<string[]> {
  const watch = { onStart() {}, onEntry() {} };
  return (await auditLedger(world.database.knex, world.customerId, watch)).problems;
}

/** Spent and not taken back, of all lots or of one. */
async function netSpent(world: LedgerWorld, source?: string): Promise<number> {
  const query = world.database
    .knex('credit_allocations as a')
    .join('credit_entries as e', 'e.id', 'a.entry_id')
    .join('credit_lots as l', 'l.id', 'a.lot_id')
    .where((row) => {
      row.where({ 'e.type': 'spend' }).orWhere({ 'e.type': 'reinstate', 'e.source_kind': 'reversal' });
    })
    .sum({ total: 'a.amount' })
    .first();
  const row = await (source ? query.where({ 'l.source_id': source }) : query);
  return -Number(row?.total ?? 0) + 0;
}

async function monthlyEnd(world: LedgerWorld): Promise<number> {
  const [lot] = await world.database.knex('credit_lots').where({ source_id: 'monthly' });
  return Number(lot.expires_at);
}
