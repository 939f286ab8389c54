import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { systemClock } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { createHttpServer } from '#src/http/server.ts';
import { createRejectCounter } from '#src/webhooks/reject-counter.ts';
import { createWebhookRoute } from '#src/webhooks/webhook-route.ts';

/**
 * Lucy's webhook intake as she runs it, without the worker beside it: what is measured against the floor is taking
 * events, not applying them. Run as: node bench/intake-lucy.ts DATABASE_URL SECRET; prints its port.
 */
const [url = '', secret = ''] = process.argv.slice(2);
const database = openDatabase(url, { checkpointThread: true });
await migrate(database);
const log = createLog('warn');
const handle = createWebhookRoute({
  database,
  clock: systemClock,
  log,
  secrets: [secret],
  mode: 'test',
  rejects: createRejectCounter(database, log),
  onStored: () => {},
});
const server = createHttpServer([{ method: 'POST', path: '/api/billing/webhook', handle }], log);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `${JSON.stringify({ msg: 'listening', port: typeof address === 'object' ? address?.port : 0 })}\n`,
  );
});
