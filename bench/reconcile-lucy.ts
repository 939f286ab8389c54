import { openDatabase } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { createLog } from '#src/core/log.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { realPause } from '#src/reconciliation/deps.ts';
import { followReconciliation } from '#src/reconciliation/follow.ts';
import { startReconciliation } from '#src/reconciliation/start.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { tellCost } from './reconcile-cost.ts';
import { benchNow } from './reconcile-subscription.ts';

/** A whole reconciliation: `node bench/reconcile-lucy.ts DATABASE_URL STRIPE_URL PARALLEL [REQUESTS_PER_SECOND]`. */
const [, , url = '', apiBase = '', parallel = '8', pace = '100000'] = process.argv;
const database = openDatabase(url, { busyTimeoutMs: 5_000 });
const started = performance.now();
const clock = { now: () => benchNow + Math.floor(performance.now() - started) };
const settings = {
  ...sampleSettings,
  reconcile: { ...sampleSettings.reconcile, requests_per_second: Number(pace), parallel: Number(parallel) },
};
const stripe = createStripeGateway({ secretKey: 'sk_test_bench', apiBase });
const deps = {
  database,
  settings,
  stripe,
  clock,
  log: createLog('silent'),
  mode: 'test' as const,
  creditsSince: benchNow - 86_400_000,
  pause: realPause,
};
const openedAt = await stripe.lists.accountOpenedAt();
const run = await inTransaction(database, (sql) =>
  startReconciliation(sql, scheduleCause(clock.now(), 'bench'), { ...deps, openedAt, kinds: null }),
);
const cost = tellCost();
await followReconciliation(deps, run.id, () => {}, new AbortController().signal);
const { state, error } = await database.knex('reconcile_runs').where({ id: run.id }).first();
const { pages, seen } =
  (await database
    .knex('reconcile_shards')
    .where({ list: 'subscriptions', run_id: run.id })
    .sum({ pages: 'pages', seen: 'seen' })
    .first()) ?? {};
const found = await database.knex('reconcile_findings').where({ run_id: run.id }).count({ n: '*' }).first();
cost({ pages: Number(pages), seen: Number(seen), found: Number(found?.n), state, error });
await database.close();
