import { expect, test } from 'vitest';
import { findReconcileRun } from '#db/reconcile-runs.ts';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { createLanes, type Unit } from '#src/reconciliation/lanes.ts';
import { fewPieces } from '#src/reconciliation/pieces.ts';
import { listedStripe } from '#test/world/listed-stripe.ts';
import { readToTheEnd } from '#test/world/read-to-the-end.ts';
import { reconcileWorld } from '#test/world/reconcile-world.ts';
import { testStart } from '#test/world/test-clock.ts';

const SECOND_MS = 1_000;

test('a long list is divided as often as there are readers, and hardly takes more calls than it must', async () => {
  const createdAt = Array.from({ length: 30_000 }, (_none, n) => testStart - (n + 1) * 60 * SECOND_MS);
  const world = await reconcileWorld({ reconcile: { requests_per_second: 100 } });
  const listed = listedStripe(world.recon.stripe, createdAt);
  expect(await readToTheEnd(world, listed)).toEqual({ state: 'done', seen: 30_000 });
  expect(listed.calls.length).toBeLessThanOrEqual(300 * 1.2);
});

test('a run that is stopped is read no further, also by those who may stay', async () => {
  const createdAt = Array.from({ length: 30_000 }, (_none, n) => testStart - (n + 1) * 60 * SECOND_MS);
  const world = await reconcileWorld({ reconcile: { requests_per_second: 10 } });
  const listed = listedStripe(world.recon.stripe, createdAt);
  const begun = await world.as('bea', 'reconcile run --reason "a test" --json');
  const { reconciliation } = begun.json<{ reconciliation: string }>();
  let stoppedAt = 0;
  listed.onCall = () => {
    if (listed.calls.length === 40)
      void world.as('bo', `reconcile cancel ${reconciliation} --reason "not now"`).then(() => {
        stoppedAt = listed.calls.length;
      });
  };
  await createCarrier({ ...world.recon, stripe: listed.gateway }).carry(() => true);
  expect(stoppedAt).toBeGreaterThan(0);
  // Two seconds until somebody looks, at ten a second, and what was on its way.
  expect(listed.calls.length - stoppedAt).toBeLessThanOrEqual(20 + 10 + 8);
});

test('who finds nothing rests until somebody makes something, and all end when nobody works', async () => {
  const waiting: Unit[] = [];
  const done: string[] = [];
  let looks = 0;
  const lanes = createLanes(4, async () => true);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  waiting.push(async () => {
    await turn();
    expect(lanes.areResting()).toBe(true);
    for (const name of ['b', 'c', 'd']) waiting.push(async () => void done.push(name));
    lanes.wake(3);
    await turn();
    done.push('a');
  });
  const count = await lanes.work(async () => {
    looks += 1;
    return waiting.shift() ?? null;
  });
  expect(count).toBe(4);
  expect(done).toEqual(['b', 'c', 'd', 'a']);
  expect(looks, 'and nobody looks all the time').toBeLessThan(20);
});

test('of many who are woken for nothing one looks, and each looks again after what it did', async () => {
  const waiting: Unit[] = [];
  let looks = 0;
  const lanes = createLanes(8, async () => true);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  waiting.push(async () => {
    while (looks < 2) await turn();
    for (let rest = 0; rest < 5; rest++) await turn();
    lanes.wake(7);
    for (let rest = 0; rest < 5; rest++) await turn();
  });
  await lanes.work(async () => {
    looks += 1;
    await turn();
    return waiting.shift() ?? null;
  });
  // The one who found it, one for all others, one for those who were woken, and one when it was done.
  expect(looks).toBe(4);
});

test('no piece is made for other processes while turns are waited for here', async () => {
  const world = await reconcileWorld();
  const begun = await world.as('bea', 'reconcile run --reason "a test" --json');
  const { reconciliation } = begun.json<{ reconciliation: string }>();
  const run = await findReconcileRun(world.database.knex, reconciliation);
  if (!run) throw new Error('no run');
  await world.database.knex('reconcile_shards').update({ lease_until: world.clock.now() + 60 * SECOND_MS });
  const areFew = (leadMs: number, areResting: boolean) =>
    fewPieces(world.recon, run, { areResting: () => areResting }, { leadMs: () => leadMs })();
  expect(await areFew(0, false)).toBe(true);
  expect(await areFew(10, false)).toBe(false);
  expect(await areFew(10, true), 'who rests here reads, too').toBe(true);
});

test('a lane that fails takes nobody along who is at work, and leaves nobody resting', async () => {
  const lanes = createLanes(3, async () => true);
  let given = 0;
  await expect(
    lanes.work(async () => {
      given += 1;
      if (given > 1) return null;
      return async () => {
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('broken');
      };
    }),
  ).rejects.toThrow('broken');
  await new Promise((resolve) => setImmediate(resolve));
  expect(lanes.areResting()).toBe(false);
});
