import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { systemClock } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { closeInMaintenance } from '#src/http/close-in-maintenance.ts';
import { createHttpServer } from '#src/http/server.ts';
import { watchMaintenance } from '#src/maintenance/watch.ts';
import { createRejectCounter } from '#src/webhooks/reject-counter.ts';
import { createWebhookRoute } from '#src/webhooks/webhook-route.ts';
import { listenAndSay } from './say-port.ts';

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
const route = { method: 'POST', path: '/api/billing/webhook', handle };
const clock = systemClock;
const server = createHttpServer(closeInMaintenance([route], watchMaintenance({ database, clock })), log);
listenAndSay(server);
