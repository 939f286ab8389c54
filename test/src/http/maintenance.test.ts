import { expect, onTestFinished, test } from 'vitest';
import { endMaintenance, putMaintenance, renewMaintenance } from '#db/maintenance.ts';
import { createLog } from '#src/core/log.ts';
import { closeInMaintenance } from '#src/http/close-in-maintenance.ts';
import { createHealthRoute } from '#src/http/health-route.ts';
import { createHttpServer, listen } from '#src/http/server.ts';
import { pauseInMaintenance } from '#src/jobs/pause-in-maintenance.ts';
import { watchMaintenance } from '#src/maintenance/watch.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { testClock } from '#test/world/test-clock.ts';

test('in maintenance the product’s changes wait, webhooks only during the swap, health tells, and jobs rest until it ends or runs out', async () => {
  const { database } = await freshDatabase();
  const clock = testClock();
  const options = { database, clock };
  // Each look with a watch of its own: that a process may take a second to notice is not what is tried here.
  const watch = { read: () => watchMaintenance(options).read() };
  const health = createHealthRoute({ ...options, components: {}, lookEveryMs: 30_000 });
  const done = (_request: unknown, response: { end(text: string): void }) => response.end('done');
  const server = createHttpServer(
    [
      ...closeInMaintenance(
        [
          { method: 'POST', path: '/api/billing/webhook', handle: done },
          { method: null, path: '/api/', handle: done },
        ],
        watch,
      ),
      { method: 'GET', path: '/health', handle: (_request, response) => health(response) },
    ],
    createLog('silent'),
  );
  const port = await listen(server, 0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const ask = (path: string, method = 'POST') => fetch(`http://127.0.0.1:${port}${path}`, { method });
  let runs = 0;
  const job = (name: string) => ({ name, pauseMs: 1, parallel: 1, run: async () => ++runs });
  const [sync, restores] = pauseInMaintenance([job('sync'), job('restores')], watch);
  const seen = async () => [
    (await ask('/api/billing/webhook')).status,
    (await ask('/api/credits/consume')).status,
    (await ask('/api/entitlements', 'GET')).status,
  ];

  expect(await seen()).toEqual([200, 200, 200]);
  const now = clock.now();
  const until = now + 120_000;
  const row = { restore_id: 'rst_1', by_name: 'Olu', says: 'Olu restores it', started_at: now, until };
  await putMaintenance(database.knex, { ...row, intake_closed_at: null });
  expect(await seen()).toEqual([200, 503, 200]);
  const refused = await ask('/api/credits/consume');
  expect(refused.headers.get('retry-after')).toBe('30');
  expect((await refused.json()) as unknown).toMatchObject({ error: { code: 'unavailable' } });
  expect(await sync?.run()).toBe(0);
  expect(await restores?.run()).toBe(1);
  const told = (await (await ask('/health', 'GET')).json()) as Record<string, unknown>;
  expect(told).toMatchObject({ status: 'degraded', maintenance: { until: new Date(until).toISOString() } });
  expect(JSON.stringify(told)).not.toContain('Olu');

  await renewMaintenance(database.knex, 'rst_1', { until, intake_closed_at: now }, now);
  expect(await seen()).toEqual([503, 503, 200]);
  // Whoever held it died: it runs out by itself.
  clock.advance(121_000);
  expect(await seen()).toEqual([200, 200, 200]);
  expect(await sync?.run()).toBe(2);
  await endMaintenance(database.knex, 'rst_1');
});
