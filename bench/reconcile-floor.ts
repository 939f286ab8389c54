import Stripe from 'stripe';
import { openDatabase } from '#db/connection.ts';
import { tellCost } from './reconcile-cost.ts';

/**
 * The least that does it: Stripe’s own SDK page by page, and one question to the mirror for each page, compared field by
 * field. Nothing is kept: `node bench/reconcile-floor.ts DATABASE_URL STRIPE_URL PARALLEL SECONDS_FROM SECONDS_TO`.
 */
const [, , url = '', apiBase = '', parallel = '8', from = '0', to = '0'] = process.argv;
const database = openDatabase(url);
const { hostname, port } = new URL(apiBase);
const stripe = new Stripe('sk_test_bench', {
  host: hostname,
  port,
  protocol: 'http',
  telemetry: false,
  maxNetworkRetries: 1,
});
const cost = tellCost();
let pages = 0;
let seen = 0;
let found = 0;

async function readRange(gte: number, lt: number): Promise<void> {
  for (let after: string | undefined; ; ) {
    const page = await stripe.subscriptions.list({
      status: 'all',
      limit: 100,
      created: { gte, lt },
      ...(after ? { starting_after: after } : {}),
    });
    const rows: { id: string; status: string; items: string; latest_invoice_id: string }[] = await database
      .knex('subscriptions')
      .whereIn(
        'id',
        page.data.map((row) => row.id),
      )
      .select('id', 'status', 'items', 'latest_invoice_id');
    const mirror = new Map(rows.map((row) => [row.id, row]));
    for (const row of page.data) {
      const own = mirror.get(row.id);
      const price = row.items.data[0]?.price.id ?? '';
      if (
        own?.status !== row.status ||
        own.latest_invoice_id !== row.latest_invoice ||
        !own.items.includes(price)
      )
        found += 1;
    }
    pages += 1;
    seen += page.data.length;
    after = page.data.at(-1)?.id;
    if (!page.has_more || !after) return;
  }
}

const lanes = Number(parallel);
const step = Math.ceil((Number(to) - Number(from)) / lanes);
await Promise.all(
  Array.from({ length: lanes }, (_none, lane) =>
    readRange(Number(from) + lane * step, Math.min(Number(to), Number(from) + (lane + 1) * step)),
  ),
);
cost({ pages, seen, found, state: 'done', error: null });
await database.close();
