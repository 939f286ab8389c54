import { readFile } from 'node:fs/promises';
import { openDatabase } from '#db/connection.ts';
import { countDirty } from '#db/customer-sync.ts';
import { storeEvents } from '#db/event-intake.ts';
import { migrate } from '#db/migrate.ts';
import { refreshInBulk } from '#src/billing-events/bulk-refresh.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { readEvent } from '#src/billing-events/read-event.ts';
import { createSync } from '#src/billing-events/sync-at-pace.ts';
import { takeEvent } from '#src/billing-events/take-event.ts';
import { systemClock } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import { createLog } from '#src/core/log.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { createWorker } from '#src/jobs/worker.ts';
import { addCustomers } from './apply-world.ts';
import { createdAt } from './burst-stripe.ts';

/**
 * Stores one paid invoice's event for each of many customers, and then drains them as Lucy's worker does. Run as:
 * node bench/burst-lucy.ts DATABASE_URL STRIPE_URL CUSTOMERS BULK_THRESHOLD; prints what the drain took.
 */
const [url = '', stripeUrl = '', count = '0', threshold = '500'] = process.argv.slice(2);
const customers = Number(count);
const database = openDatabase(url);
await migrate(database);
const template = JSON.parse(
  await readFile(new URL('../test/fixtures/stripe/invoice.paid.json', import.meta.url), 'utf8'),
);
const { price } = template.data.object.lines.data[0].pricing.price_details;
const deps: BillingDeps = {
  database,
  settings: settingsSchema.parse({
    plans: [{ tier: 'pro', price, credits_per_period: 500 }],
    webhooks: { bulk_threshold: Number(threshold) },
  }),
  stripe: createStripeGateway({ secretKey: 'sk_test_bench', apiBase: stripeUrl }),
  clock: systemClock,
  log: createLog('error'),
  mode: 'test',
  creditsSince: 0,
};
await fill();
const idleMb = process.memoryUsage.rss() / 2 ** 20;
let peakMb = idleMb;
const watching = setInterval(() => {
  peakMb = Math.max(peakMb, process.memoryUsage.rss() / 2 ** 20);
}, 50);
const cpuBefore = process.cpuUsage();
const since = performance.now();
const worker = createWorker(
  [
    {
      name: 'sync',
      pauseMs: 500,
      parallel: deps.settings.workers.sync,
      run: createSync(deps),
    },
    { name: 'bulk', pauseMs: 2_000, parallel: 1, run: () => refreshInBulk(deps) },
  ],
  deps.log,
);
worker.start();
while ((await countDirty(database.knex)) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
const drainMs = performance.now() - since;
const { user, system } = process.cpuUsage(cpuBefore);
clearInterval(watching);
await worker.stop();
const granted = await database
  .knex('credit_accounts')
  .where({ balance: 1_500 })
  .count({ total: '*' })
  .first();
process.stdout.write(
  `${JSON.stringify({ drainMs, cpuMs: (user + system) / 1000, rssMb: peakMb - idleMb, right: Number(granted?.total) })}\n`,
);
await database.close();

async function fill(): Promise<void> {
  const now = systemClock.now();
  const numbers = Array.from({ length: customers }, (_none, at) => at);
  for (let from = 0; from < customers; from += 500) {
    const some = numbers.slice(from, from + 500);
    await addCustomers(database, some);
    await storeEvents(
      database,
      some.map((at) => incoming(at, now)),
    );
  }
}

function incoming(at: number, now: number) {
  const object = { ...template.data.object, id: `in_${at}`, customer: `cus_${at}`, created: createdAt(at) };
  const payload = JSON.stringify({ ...template, id: `evt_${at}`, livemode: false, data: { object } });
  const event = readEvent(JSON.parse(payload));
  if (!event) throw new Error('The fixture is no event');
  return takeEvent(event, {
    mode: 'test',
    source: 'webhook',
    receivedAt: now,
    payload,
    payloadSha256: sha256(payload),
    secretSlot: 0,
    signatureHeader: null,
    correlationId: newCorrelationId(now),
  });
}
