import { expect, test } from 'vitest';
import { webhooks } from '#src/health/probes/webhooks.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

const MINUTE_MS = 60_000;

type Health = {
  isWell: boolean;
  endpoint: { isEnabled: boolean }[] | null;
  waiting: number;
  lagMs: number | null;
  lastHour: { handled: number; failed: number; refused: Record<string, number> };
  diagnosis: { cause: string } | null;
  poll: { lookedAt: string; cursor: string } | null;
};

test('all is well: the endpoint, the last webhook, the lag, and where the poll stands', async () => {
  const { stripe, clock, lucy, work, poll } = await recoveryWorld();
  clock.advance(1_000);
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await stripe.idle();
  clock.advance(2_000);
  await work();
  clock.advance(2 * MINUTE_MS);
  await poll();

  const seen = await lucy('webhook health');
  expect(seen.out).toContain('Stripe’s webhooks arrive and are handled.');
  expect(seen.out).toContain(`${stripe.endpoint.id} (${stripe.endpoint.url}) is enabled.`);
  expect((await lucy('webhook health --json')).json<Health>()).toMatchObject({
    isWell: true,
    waiting: 0,
    lagMs: 2_000,
    lastHour: { failed: 0, refused: {} },
    diagnosis: null,
    poll: { lookedAt: '2026-11-21T09:02:03.000Z', cursor: '2026-11-21T09:00:01.000Z' },
  });
});

test('every problem is named: a disabled endpoint, refusals with their diagnosis, failures, events that wait', async () => {
  const { stripe, clock, lucy, rejects, database } = await recoveryWorld();
  const event = stripe.lastEvent();
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await stripe.idle();
  await database.knex('stripe_events').where({ type: 'invoice.paid' }).update({ status: 'failed' });
  await database.knex('stripe_events').update({ secret_slot: null });
  await stripe.deliver(event.id, { secret: 'whsec_other', times: 3 });
  await rejects.flush();
  stripe.endpoint.status = 'disabled';
  clock.advance(MINUTE_MS);

  const seen = await lucy('webhook health');
  expect(seen.out).toContain('Stripe’s webhooks are not well: 3 problems.');
  expect(seen.out).toContain('is disabled.');
  expect(seen.out).toContain('The signing secret is wrong: 3 of 3 refused deliveries');
  expect(seen.out).toContain('1 event of the last hour failed here.');
  const health = (await lucy('webhook health --json')).json<Health>();
  expect(health).toMatchObject({ isWell: false, lastHour: { failed: 1, refused: { bad_signature: 3 } } });
  expect(health.waiting).toBeGreaterThan(0);
});

test('a wrong clock is found by Stripe’s own', async () => {
  const { clock, lucy, deps } = await recoveryWorld();
  const stripeTime = clock.now();
  deps.stripe.webhooks.stripeTime = async () => stripeTime;
  clock.advance(20 * MINUTE_MS);

  expect((await lucy('webhook health')).out).toContain(
    'This machine’s clock is 20 minutes ahead of Stripe’s, so every signature is refused.',
  );
});

test('without a Stripe key, and with nothing in the inbox, it says so and does not fail', async () => {
  const { lucy } = await terminalWorld();
  const seen = await lucy('webhook health');
  expect(seen.code).toBe(0);
  expect(seen.out).toContain('Not asked: STRIPE_SECRET_KEY is not set here.');
  expect(seen.out).toContain('None ever came');
});

test('a restricted key that may not read endpoints: said with the right that it lacks, and the rest is told', async () => {
  const { stripe, lucy } = await recoveryWorld();
  stripe.faults.add({
    kind: 'error',
    path: '/v1/webhook_endpoints',
    status: 403,
    times: 9,
    error: {
      type: 'invalid_request_error',
      message: 'The provided key does not have the required permissions.',
    },
  });

  const seen = await lucy('webhook health');

  expect(seen.code).toBe(0);
  expect(seen.out).toContain('Stripe does not let STRIPE_SECRET_KEY read webhook endpoints.');
  expect(seen.out).toContain('“Webhook Endpoints: Read”');
});

test('webhooks that get lost are a problem, although Lucy fetches their events herself', async () => {
  const { lucy, stripe, work, poll, clock, database, runner } = await recoveryWorld();
  stripe.world.subscribe('cus_sofia', 'starter_monthly');
  await stripe.idle();
  await work();
  stripe.loseWebhooks(true);
  clock.advance(60_000);
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  stripe.world.subscribe('cus_sofia', 'pro_yearly');
  stripe.world.subscribe('cus_sofia', 'enterprise_monthly');
  await stripe.idle();
  clock.advance(10 * 60_000);
  await poll();
  await work();

  const typed = await lucy('webhook health');
  expect(typed.out).toContain('Stripe’s webhooks are not well');
  expect(typed.out).toMatch(
    /\d+ events did not arrive by webhook since the last one came; Lucy fetched them herself\./,
  );
  const seen = await webhooks.look({
    sql: database.knex,
    settings: runner.settings,
    now: clock.now(),
    stripe: null,
    folder: '.',
    parts: {} as never,
  });
  expect(seen).toMatchObject({
    state: 'down',
    detail: expect.stringContaining('fetched them from Stripe herself'),
  });
});
