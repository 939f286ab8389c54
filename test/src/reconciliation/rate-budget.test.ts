import { expect, test } from 'vitest';
import { systemClock } from '#src/core/clock.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { realPause } from '#src/reconciliation/deps.ts';
import { createRateBudget, readRefusals } from '#src/reconciliation/rate-budget.ts';
import { withinBudget } from '#src/reconciliation/within-budget.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { stripeTruth } from '#test/world/stripe-truth.ts';
import { testClock } from '#test/world/test-clock.ts';

const SECOND_MS = 1_000;

/** A process that shares the budget; time goes by whenever it waits. */
async function sharedBudget(perSecond: number, processes: number) {
  const { database } = await freshDatabase();
  const clock = testClock();
  const pause = async (ms: number) => {
    const at = clock.now() + ms;
    await new Promise((resolve) => setImmediate(resolve));
    if (clock.now() < at) clock.set(at);
  };
  const budgets = Array.from({ length: processes }, () =>
    createRateBudget({ database, clock, pause, perSecond }),
  );
  return { database, clock, budgets };
}

/** The most that were sent within any second. */
function peakOf(times: readonly number[]): number {
  return Math.max(
    ...times.map((at) => times.filter((other) => other >= at && other < at + SECOND_MS).length),
  );
}

test('three processes together keep the pace, one by one, by the clock on the wall', async () => {
  const { database } = await freshDatabase();
  const deps = { database, clock: systemClock, pause: realPause, perSecond: 40 };
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: 3 }, async () => {
      const budget = createRateBudget(deps);
      const lane = async () => {
        for (let sent = 0; sent < 10; sent++) {
          await budget.take();
          times.push(Date.now());
        }
      };
      await Promise.all([lane(), lane(), lane(), lane()]);
    }),
  );
  expect(times).toHaveLength(120);
  // Timers come late at times, and then two turns are close to each other; a burst would be far more.
  expect(peakOf(times)).toBeLessThanOrEqual(46);
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(2_700);
});

test('turns that went by unused are lost, and never become a burst', async () => {
  const { clock, budgets } = await sharedBudget(80, 1);
  const [budget] = budgets;
  await budget?.take();
  clock.advance(60 * SECOND_MS);
  const times: number[] = [];
  for (let sent = 0; sent < 200; sent++) {
    await budget?.take();
    times.push(clock.now());
  }
  expect(peakOf(times)).toBeLessThanOrEqual(81);
});

test('it says how long who comes now would wait, and nothing of what went by', async () => {
  const { clock, budgets } = await sharedBudget(10, 1);
  const [budget] = budgets;
  expect(budget?.leadMs()).toBe(0);
  const from = clock.now();
  await Promise.all([budget?.take(), budget?.take(), budget?.take()]);
  expect((budget?.leadMs() ?? 0) + clock.now() - from).toBe(300);
  clock.advance(SECOND_MS);
  expect(budget?.leadMs()).toBe(0);
});

test('“too fast” halves everybody’s pace, Retry-After holds everybody, and the pace comes back', async () => {
  const { database, clock, budgets } = await sharedBudget(16, 2);
  const [one, other] = budgets;
  await one?.take();
  await one?.slowDown(5 * SECOND_MS);
  const refusedAt = clock.now();

  await other?.take();
  expect(clock.now() - refusedAt).toBeGreaterThanOrEqual(5 * SECOND_MS);
  expect(await readRefusals(database)).toBe(1);

  await one?.slowDown(null);
  const slowedAt = clock.now();
  for (let sent = 0; sent < 9; sent++) await other?.take();
  expect(clock.now() - slowedAt, 'a second to rest, and then no more than half the pace').toBeGreaterThan(
    1_600,
  );

  clock.advance(60 * SECOND_MS);
  const recoveredAt = clock.now();
  for (let sent = 0; sent < 16; sent++) await other?.take();
  expect(clock.now() - recoveredAt).toBeLessThan(1_100);
});

test('with one in ten refused, everything is answered in the end, and no second holds more than the budget', async () => {
  const { clock, budgets } = await sharedBudget(20, 1);
  const [budget] = budgets;
  const truth = stripeTruth(clock.now);
  const times: number[] = [];
  truth.onCall = () => {
    times.push(clock.now());
    if (times.length % 10 === 0) throw new StripeAway('Slow down', null, 'not_done', true);
  };
  if (!budget) throw new Error('no budget');
  const stripe = withinBudget(truth.gateway, budget);
  let answered = 0;
  while (answered < 300) {
    const page = await stripe.lists.listRefundPage({ from: 0, before: 1, after: null }).catch(() => null);
    if (page) answered += 1;
  }
  expect(times.length).toBe(333);
  expect(peakOf(times)).toBeLessThanOrEqual(21);
  // A person's question takes no turn.
  const before = clock.now();
  await truth.gateway.getPrice('price_A');
  expect(clock.now()).toBe(before);
});
