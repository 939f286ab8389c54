import { expect, test } from 'vitest';
import { insertReconcileRun } from '#db/reconcile-runs.ts';
import { insertShards } from '#db/reconcile-shards.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { createPlaceKeeper } from '#src/reconciliation/keep-place.ts';
import { newRun, newShard } from '#src/reconciliation/start.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { testStart } from '#test/world/test-clock.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Eight readers with a piece each; time goes by when the test says so. */
async function readers(leadMs: number) {
  const { database } = await freshDatabase();
  const cause = scheduleCause(testStart, 'a test');
  const about = { customer_id: null, kinds: null, state: 'running' as const, expected: 0 };
  const run = newRun(cause, 'test', about);
  await insertReconcileRun(database.knex, run);
  const shards = Array.from({ length: 8 }, (_none, n) => ({
    ...newShard(testStart, run.id, 'subscriptions', { from: n * 1_000, before: (n + 1) * 1_000 }),
    lease_token: `lease_${n}`,
  }));
  await insertShards(database.knex, shards);
  const waits: number[] = [];
  let goOn: () => void = () => {};
  const pause = (ms: number) => {
    waits.push(ms);
    return new Promise<void>((resolve) => {
      goOn = resolve;
    });
  };
  const keepPlace = createPlaceKeeper(database, { leadMs: () => leadMs, pause, readers: 8 });
  let kept = 0;
  const keep = async (n: number) => {
    const shard = { ...shards[n], cursor: 'sub_1', pages: 1 } as (typeof shards)[number];
    const isOurs = await keepPlace({ shard, now: testStart, leaseUntil: testStart });
    kept += 1;
    return isOurs;
  };
  const written = async () => (await database.knex('reconcile_shards').where({ pages: 1 })).length;
  return { keep, waits, goOn: () => goOn(), kept: () => kept, written };
}

test('who would wait for a turn waits half of that for others to share the commit, and hears only when it is kept', async () => {
  const { keep, waits, goOn, kept, written } = await readers(120);
  const both = Promise.all([keep(0), keep(1)]);
  await turn();
  expect({ waits, kept: kept(), written: await written() }).toEqual({ waits: [60], kept: 0, written: 0 });

  goOn();
  expect(await both).toEqual([true, true]);
  expect(await written()).toBe(2);

  const another = keep(2);
  goOn();
  await another;
  expect(waits, 'who comes later begins anew').toEqual([60, 60]);
});

test('when half of the readers wait nobody waits longer, and no wait is longer than a fifth of a second', async () => {
  const { keep, waits, written } = await readers(60_000);
  const half = [keep(0), keep(1), keep(2)];
  await turn();
  expect(await written()).toBe(0);
  await Promise.all([...half, keep(3)]);
  expect(await written()).toBe(4);
  expect(waits).toEqual([200]);
});
