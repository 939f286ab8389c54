import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { down } from '#src/health/probe.ts';
import { createHealthRoute } from '#src/http/health-route.ts';
import { createMetricsRoute } from '#src/http/metrics-route.ts';
import { healthWorld } from '#test/world/health-world.ts';

test('a web process says when no worker looks around any more, and what the workers saw', async () => {
  const world = await healthWorld();
  const { database, clock } = world;
  const options = { database, clock, components: {}, lookEveryMs: 30_000 };
  const health = createHealthRoute({
    ...options,
    components: { stripe: () => ({ state: 'ok', detail: 'Here.' }) },
  });
  const metrics = createMetricsRoute({ database, clock });
  const server = createServer((request, response) =>
    request.url === '/health'
      ? void health(response)
      : void metrics(request, response, new URL('http://lucy')),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const look = async () => {
    const answer = await fetch(`${url}/health`);
    expect(answer.status).toBe(200);
    return answer.json();
  };
  const scrape = async () => (await fetch(`${url}/metrics`)).text();

  // Just started: the first look is not due yet.
  expect(await look()).toMatchObject({ status: 'ok', components: { worker: { state: 'ok' } } });
  clock.advance(120_000);
  const never = await look();
  expect(never).toMatchObject({ status: 'degraded', components: { worker: { state: 'degraded' } } });
  expect(never.components.worker.detail).toContain('No worker has looked around yet');

  world.now.product = 503;
  world.now.stripe = down('Stripe cannot be reached: timeout');
  await world.look();
  const seen = await look();
  expect(seen).toMatchObject({
    status: 'degraded',
    components: {
      worker: { state: 'ok' },
      product: { state: 'down' },
      queue: { state: 'ok' },
      disk: { detail: expect.stringContaining('Disk') },
      backup: { state: 'ok' },
      webhooks: { state: 'ok' },
      host: { state: 'ok' },
      // What the process sees itself comes first.
      stripe: { state: 'ok', detail: 'Here.' },
    },
  });
  // Strangers may ask: neither hosts nor addresses.
  expect(JSON.stringify(seen)).not.toContain('127.0.0.1');
  expect(await scrape()).toMatch(/lucy_probe_up\{probe="product"\} 0/);

  clock.advance(600_000);
  const gone = await look();
  expect(gone).toMatchObject({ status: 'degraded', components: { worker: { state: 'degraded' } } });
  expect(gone.components.worker.detail).toMatch(/No worker has looked around for 1\d minutes/);
  expect(gone.components.product).toBeUndefined();
  const scraped = await scrape();
  expect(Number(/lucy_probe_checked_seconds\{probe="queue"\} (\d+)/.exec(scraped)?.[1])).toBeGreaterThan(599);
  // Nothing to look at is not the same as out of order.
  expect(scraped).not.toContain('probe="clock"');
});
