import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createMetricsRoute } from '#src/http/metrics-route.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';

async function metricsOf(world: Awaited<ReturnType<typeof recoveryWorld>>) {
  const route = createMetricsRoute({ database: world.database, clock: world.clock });
  const server = createServer(
    (request, response) => void route(request, response, new URL('http://lucy/metrics')),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/metrics`;
  return async () => (await fetch(url)).text();
}

test('webhooks, ledger, outbox, approvals and incidents are there as Prometheus text, and follow what happens', async () => {
  const world = await recoveryWorld();
  const scrape = await metricsOf(world);
  expect(await scrape()).toContain('# TYPE lucy_webhook_events_last_hour gauge');

  world.stripe.world.subscribe('cus_sofia', 'starter_monthly');
  await world.stripe.idle();
  await world.lucy('incident declare "checkout is down" --yes');
  world.clock.advance(6_000);
  const open = await scrape();
  expect(open).toMatch(/lucy_webhook_events_last_hour\{source="webhook"\} [1-9]/);
  expect(open).toMatch(/lucy_webhook_events_open\{status="received"\} [1-9]/);
  expect(open).toContain('lucy_incidents_open{state="investigating"} 1');
  expect(open).toMatch(/lucy_outbox_messages\{state="pending"\} [1-9]/);

  await world.work();
  await world.lucy('incident resolve --reason "it works" --yes');
  world.clock.advance(6_000);
  const after = await scrape();
  expect(after).not.toContain('lucy_webhook_events_open{status="received"}');
  expect(after).not.toContain('lucy_incidents_open{');
  expect(after).toMatch(/lucy_ledger_entries_last_hour\{type="grant"\} [1-9]/);
});

test('whoever asks more often gets the same numbers, and no label names a customer', async () => {
  const world = await recoveryWorld();
  const scrape = await metricsOf(world);
  const first = await scrape();
  await world.lucy('incident declare "checkout is down" --yes');
  expect(await scrape()).toBe(first);
  expect(first).not.toContain('sofia');
});
