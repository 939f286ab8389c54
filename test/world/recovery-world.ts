import { onTestFinished } from 'vitest';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import type { LocalStripe } from '#sandbox/stripe/local-stripe-types.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { pollEvents } from '#src/billing-events/poll-events.ts';
import { createLog } from '#src/core/log.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { followReplays } from '#src/event-recovery/follow-replays.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { createHttpServer } from '#src/http/server.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { createRejectCounter, type RejectCounter } from '#src/webhooks/reject-counter.ts';
import { createWebhookRoute } from '#src/webhooks/webhook-route.ts';
import { drain, type Shown } from './billing-world.ts';
import { type TerminalWorld, terminalWorld } from './terminal-world.ts';
import { testStart } from './test-clock.ts';

export type RecoveryWorld = TerminalWorld & {
  stripe: LocalStripe;
  deps: BillingDeps;
  rejects: RejectCounter;
  /** Where this Lucy answers `/health`. */
  lucyUrl: string;
  /** What `/health` answers. */
  health: { status: number };
  /** Lucy asks Stripe for its events until she has read them all. */
  poll(): Promise<void>;
  /** Everything that is queued is done, and cards follow. */
  work(): Promise<void>;
  show(email: string): Promise<Shown>;
  inbox(): Promise<{ id: string; type: string; status: string; source: string; delivery_count: number }[]>;
  /** What was told there, oldest first. */
  told(target: string): Promise<string[]>;
};

const MINUTE_MS = 60_000;
export const secret = 'whsec_x';

/** The real SDK against the local Stripe, which sends real webhooks to Lucy's own route; one clock for both. */
export async function recoveryWorld(
  options: { webhooks?: object; settings?: Settings } = {},
): Promise<RecoveryWorld> {
  const settings = {
    ...(options.settings ?? sampleSettings),
    webhooks: settingsSchema.shape.webhooks.parse(options.webhooks ?? {}),
  };
  let now = () => testStart;
  let lucyUrl = 'http://127.0.0.1:9';
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: secret,
    webhookUrl: () => `${lucyUrl}/api/billing/webhook`,
    now: () => now(),
    retryDelaysMs: [],
  });
  onTestFinished(() => stripe.close());
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const world = await terminalWorld({ stripe: gateway, settings });
  const { clock, database } = world;
  now = clock.now;
  const log = createLog('silent');
  const rejects = createRejectCounter(database, log);
  const health = { status: 200 };
  const handle = createWebhookRoute({
    database,
    clock,
    log,
    secrets: [secret, 'whsec_old'],
    mode: 'test',
    rejects,
    onStored: () => {},
  });
  const server = createHttpServer(
    [
      { method: 'POST', path: '/api/billing/webhook', handle },
      {
        method: 'GET',
        path: '/health',
        handle: (_request, response) => void response.writeHead(health.status).end('{}'),
      },
    ],
    log,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  lucyUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  stripe.endpoint.url = `${lucyUrl}/api/billing/webhook`;
  const deps: BillingDeps = {
    database,
    settings,
    stripe: gateway,
    clock,
    log,
    mode: 'test',
    creditsSince: clock.now() - MINUTE_MS,
  };
  stripe.world.createCustomer({ id: 'cus_sofia', email: 'sofia@firm.com', name: 'Sofia' });
  await stripe.idle();
  await world.lucy('customer add sofia@firm.com --stripe cus_sofia --reason "new account" --yes');
  await drain(deps);
  return {
    ...world,
    stripe,
    deps,
    rejects,
    lucyUrl,
    health,
    async poll() {
      for (let looks = 0; (await pollEvents(deps)) > 0; looks++)
        if (looks > 100) throw new Error('The poll never came to its end');
    },
    async work() {
      await drain(deps);
      await followReplays(deps);
    },
    show: async (email) => (await world.lucy(`customer show ${email} --json`)).json<Shown>(),
    inbox: () => database.knex('stripe_events').orderBy('id'),
    async told(target) {
      const rows: { payload: string }[] = await database.knex('outbox').where({ target }).orderBy('id');
      return rows.map((row) => JSON.parse(row.payload).title);
    },
  };
}
