import { expect, test } from 'vitest';
import { type RecoveryWorld, recoveryWorld } from '#test/world/recovery-world.ts';
import { staff } from '#test/world/terminal-world.ts';

const MINUTE_MS = 60_000;
const replay = 'webhook replay --failed --reason "the database is back" --ticket INC-7';

/** Some events failed here for good, and some are only at Stripe, because the endpoint was away. */
async function afterAnOutage(): Promise<RecoveryWorld> {
  const world = await recoveryWorld();
  const { stripe, clock, database } = world;
  const subscription = stripe.world.subscribe('cus_sofia', 'starter_monthly');
  await stripe.idle();
  await database
    .knex('stripe_events')
    .whereIn('type', ['invoice.paid', 'customer.subscription.created'])
    .update({ status: 'dead', attempts: 8, dead_count: 1, error: 'the disk is full' });
  await database.knex('stripe_events').where({ status: 'received' }).update({ status: 'done' });
  stripe.loseWebhooks(true);
  stripe.world.changePlan(subscription.id, 'pro_monthly');
  await stripe.idle();
  clock.advance(10 * MINUTE_MS);
  stripe.loseWebhooks(false);
  return world;
}

test('what it will touch is counted first, then all of it is handled, and the card and each outcome show it', async () => {
  const { lucy, work, show, told, database } = await afterAnOutage();
  const preview = await lucy(`${replay} --dry-run`);
  expect(preview.out).toMatch(/^Replay 4 Stripe events\?/);
  expect(preview.out).toContain('invoice.paid: 1 dead, 1 only at Stripe → handled again');
  expect(preview.out).toContain('customer.subscription.updated: 1 only at Stripe → handled again');
  expect(preview.out).toContain('The database answers; PUBLIC_URL is not set');
  expect(await database.knex('webhook_replays')).toEqual([]);

  const failed = (await lucy('webhook failed --json')).json<{ failed: number; missing: number }>();
  const done = await lucy(`${replay} --yes`);
  expect(done.code).toBe(0);
  expect(done.out).toContain('Stripe events are being handled again');
  await work();
  await work();

  expect(await show('sofia@firm.com')).toMatchObject({ tier: 'pro' });
  expect(await database.knex('webhook_replays')).toMatchObject([
    { total: failed.failed + failed.missing, settled: failed.failed + failed.missing, state: 'done' },
  ]);
  expect(await told('oncall')).toContainEqual(
    expect.stringMatching(/^terminal:admin’s replay of \d+ Stripe events: \d+ handled\.$/),
  );
  const after = await lucy('webhook failed');
  expect(after.out).toContain(
    'No Stripe event failed here, and 2 events did not arrive by webhook, 2 of which Lucy fetched herself.',
  );
  expect(after.out).toContain('action: subscription_updated');
  expect((await lucy(`${replay} --yes`)).err).toContain('Nothing failed or got lost');
});

test('the type and the limit narrow it, and one more replay takes the rest', async () => {
  const { lucy, work, database } = await afterAnOutage();
  const dead = () => database.knex('stripe_events').where({ status: 'dead' });
  const before = (await dead()).length;
  expect(before).toBeGreaterThan(1);

  const first = await lucy(`${replay} --type customer.* --limit 1 --yes`);
  expect(first.out).toContain('1 Stripe event is being handled again');
  await work();
  expect(await dead()).toHaveLength(before - 1);

  expect((await lucy(`${replay} --type customer.deleted --yes`)).err).toContain('Nothing failed or got lost');
  expect((await lucy(`${replay} --since 1m --type invoice.paid --yes`)).err).toContain(
    'Nothing failed or got lost',
  );
  expect((await lucy(`${replay} --type inv* --yes`)).code).toBe(0);
  await work();
  expect(await dead()).toEqual([]);
});

test('nothing is replayed until the endpoint is well: its own /health, the clock, and Stripe', async () => {
  const { lucy, stripe, health, lucyUrl, database } = await afterAnOutage();
  await database.knex('installation').insert({ name: 'public_url', value: `${lucyUrl}/`, set_at: 1 });
  const states = () => database.knex('stripe_events').orderBy('id').select('id', 'status', 'attempts');
  const before = await states();

  health.status = 503;
  const sick = await lucy(`${replay} --yes`);
  expect(sick.code).toBe(1);
  expect(sick.err).toContain(
    `Nothing is replayed until the endpoint is well again: ${lucyUrl}/health answers 503.`,
  );

  health.status = 200;
  stripe.faults.down(true);
  expect((await lucy(`${replay} --yes`)).err).toContain('Stripe does not answer');
  stripe.faults.down(false);

  await database.knex('installation').where({ name: 'public_url' }).update({ value: 'http://127.0.0.1:9' });
  expect((await lucy(`${replay} --yes`)).err).toContain('http://127.0.0.1:9/health cannot be reached');
  expect(await states()).toEqual(before);

  await database.knex('installation').where({ name: 'public_url' }).update({ value: lucyUrl });
  expect((await lucy(`${replay} --yes`)).code).toBe(0);
});

test('one event and all that failed exclude each other, and neither is neither', async () => {
  const { lucy } = await recoveryWorld();
  expect(await lucy('webhook replay --reason "which one" --yes')).toMatchObject({ code: 2 });
  expect(await lucy('webhook replay evt_1 --failed --reason "both" --yes')).toMatchObject({ code: 2 });
  expect((await lucy(`${replay} --limit 0 --yes`)).err).toContain('Give a number from 1 to 500.');
  expect((await lucy(`${replay} --since tomorrow --yes`)).err).toContain('is neither a span nor a date');
});

test('an event that dies again after the replay goes to on-call for the billing rotation, and the card says so', async () => {
  const { lucy, stripe, clock, work, told } = await afterAnOutage();
  await lucy(`${replay} --type invoice.paid --yes`);
  stripe.faults.add({
    kind: 'error',
    path: /^\/v1\/invoices\//,
    status: 400,
    times: 1_000,
    error: { type: 'invalid_request_error', message: 'unreadable' },
  });
  for (let tries = 0; tries < 12; tries++) {
    await work();
    clock.advance(15 * MINUTE_MS);
  }

  expect(await told('oncall')).toContainEqual(
    expect.stringMatching(
      /^Webhook event evt_\w+ \(invoice\.paid\) failed again after its replay: billing engineering must look\.$/,
    ),
  );
  expect(await told('oncall')).toContainEqual(
    expect.stringMatching(/replay of 2 Stripe events: 2 failed for good again\.$/),
  );
});

test('support may replay, and only billing and on-call see what failed', async () => {
  const { lucy } = await afterAnOutage();
  expect((await lucy(`${replay} --yes`, staff('support'))).code).toBe(0);
  expect((await lucy('webhook failed', staff('support'))).code).toBe(3);
  expect((await lucy('webhook health', staff('support'))).code).toBe(3);
});
