import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { MINUTE_MS } from '#src/core/clock.ts';
import { detect } from '#src/detectors/detect.ts';
import { createMetricsRoute } from '#src/http/metrics-route.ts';
import { type DetectorWorld, detectorWorld } from '#test/world/detector-world.ts';

/** A burst of changes of tier, a millisecond after the other; the audit does not know the last one. */
async function burst({ database, clock }: DetectorWorld, count: number) {
  const { knex } = database;
  const { id: customerId } = await knex('customers').first('id');
  const { correlation_id: known } = await knex('audit_events').whereNot({ correlation_id: '' }).first();
  const rows = Array.from({ length: count }, (_none, index) => ({
    id: `chg_zz${String(index).padStart(8, '0')}`,
    customer_id: customerId,
    version: 1_000 + index,
    from_tier: 'free',
    to_tier: 'pro',
    from_access: 'full',
    to_access: 'full',
    source: 'subscription',
    cause: 'event',
    cause_ref: `evt_${index}`,
    actor: 'stripe',
    reason: 'They pay',
    correlation_id: index === count - 1 ? 'cor_nobody' : known,
    at: clock.now() + index,
  }));
  for (let from = 0; from < count; from += 100)
    await knex('entitlement_changes').insert(rows.slice(from, from + 100));
}

async function lags(world: DetectorWorld): Promise<Record<string, number>> {
  const route = createMetricsRoute({ database: world.database, clock: world.clock });
  const server = createServer(
    (request, response) => void route(request, response, new URL('http://lucy/metrics')),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const found = text.matchAll(/^lucy_detector_lag_seconds\{detector="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, name = '', seconds]) => [name, Number(seconds)]));
}

test('a burst of more than a page is looked at in one look', async () => {
  const world = await detectorWorld();
  await burst(world, 1_600);
  world.clock.advance(2 * MINUTE_MS);

  await world.look();

  expect((await world.open()).filter((one) => one.startsWith('correlation_missing'))).toHaveLength(1);
  expect(await lags(world)).toMatchObject({ correlation_missing: 0, balance_stuck: 0, portal_error: 0 });
});

test('a burst that takes longer than a look goes on in the next ones, and the metrics tell how far behind it is', async () => {
  const world = await detectorWorld();
  const { clock, deps } = world;
  await burst(world, 1_600);
  clock.advance(2 * MINUTE_MS);
  // Each time that it is looked at, this clock is three seconds on.
  const slow = {
    now() {
      clock.advance(3_000);
      return clock.now();
    },
  };

  await detect({ ...deps, clock: slow });
  expect(await world.open()).toEqual([]);
  expect((await lags(world)).correlation_missing).toBeGreaterThan(110);

  for (let looks = 0; looks < 3; looks++) await detect({ ...deps, clock: slow });
  expect((await world.open()).filter((one) => one.startsWith('correlation_missing'))).toHaveLength(1);
  expect((await lags(world)).correlation_missing).toBeLessThan(100);
});

test('a detector that fails falls behind in the metrics', async () => {
  const world = await detectorWorld();
  expect((await lags(world)).portal_error).toBe(0);
  await world.database
    .knex('detector_marks')
    .where({ name: 'credits_not_decrementing' })
    .update({ mark: '{' });

  await world.watch(10);

  const seen = await lags(world);
  expect(seen.credits_not_decrementing).toBe(600);
  expect(seen.portal_error).toBeLessThan(120);
});
