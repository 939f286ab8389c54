import { openDatabase } from '#db/connection.ts';
import { countDirty } from '#db/customer-sync.ts';
import { migrate } from '#db/migrate.ts';
import { createHttpServer } from '#src/http/server.ts';
import { type Given, jobsOf } from '#src/jobs/schedule.ts';
import { createWorker } from '#src/jobs/worker.ts';
import { createRejectCounter } from '#src/webhooks/reject-counter.ts';
import { createWebhookRoute } from '#src/webhooks/webhook-route.ts';
import { addCustomers, benchDeps, type Step } from './apply-world.ts';

/**
 * Lucy taking events and applying them in one process. Run as: node bench/apply-server-lucy.ts DATABASE_URL SECRET
 * CUSTOMERS; prints its port. `GET /waiting` says how many customers wait; `GET /move-on` begins the second step.
 */
const [url = '', secret = '', count = '0'] = process.argv.slice(2);
const database = openDatabase(url, { checkpointThread: true });
await migrate(database);
await addCustomers(
  database,
  Array.from({ length: Number(count) }, (_none, at) => at),
);
let step: Step = 'subscribe';
const deps = benchDeps(database, () => step);
const worker = createWorker(
  jobsOf(deps, {} as Given).filter(({ name }) => name === 'sync'),
  deps.log,
);
worker.start();
const intake = createWebhookRoute({
  database,
  clock: deps.clock,
  log: deps.log,
  secrets: [secret],
  mode: 'test',
  rejects: createRejectCounter(database, deps.log),
  onStored: () => worker.wake('sync'),
});
const server = createHttpServer(
  [
    { method: 'POST', path: '/api/billing/webhook', handle: intake },
    {
      method: 'GET',
      path: '/waiting',
      handle: async (_request, response) => void response.end(String(await countDirty(database.knex))),
    },
    {
      method: 'GET',
      path: '/move-on',
      handle(_request, response) {
        step = 'move on';
        response.end();
      },
    },
  ],
  deps.log,
);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `${JSON.stringify({ msg: 'listening', port: typeof address === 'object' ? address?.port : 0 })}\n`,
  );
});
