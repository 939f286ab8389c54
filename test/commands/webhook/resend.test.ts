import { expect, test } from 'vitest';
import { sendResends } from '#src/event-recovery/resend.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** An event that never came, and the line that asks for it. */
async function anEventThatNeverCame() {
  const world = await recoveryWorld();
  const { stripe } = world;
  stripe.loseWebhooks(true);
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await stripe.idle();
  stripe.loseWebhooks(false);
  const { id } = stripe.lastEvent('customer.subscription.created');
  return { ...world, id, line: `webhook resend ${id} --reason "it never came" --ticket INC-7` };
}

test('Stripe sends it once more, it is handled, and “webhook show” says who asked', async () => {
  const { id, line, lucy, stripe, deps, work, show, database } = await anEventThatNeverCame();
  const preview = await lucy(`${line} --dry-run`);
  expect(preview.out).toContain(`Ask Stripe to send ${id} (customer.subscription.created) again`);
  expect(preview.out).toContain('Event: not in the inbox → sent to Lucy once more');
  expect(stripe.requests.filter((request) => request.method === 'POST')).toEqual([]);

  expect((await lucy(`${line} --yes`)).code).toBe(0);
  expect(await sendResends(deps)).toBe(1);
  expect(await sendResends(deps)).toBe(0);
  await stripe.idle();
  await work();

  expect(stripe.requests.filter((request) => request.path === `/v1/events/${id}/retry`)).toHaveLength(1);
  expect((await show('sofia@firm.com')).tier).toBe('pro');
  const shown = await lucy(`webhook show ${id}`);
  expect(shown.out).toMatch(/Came +By webhook/);
  expect(shown.out).toMatch(/Sent again +terminal:admin asked, and Stripe took it/);
  expect(
    await database.knex('audit_events').where({ command: 'webhook resend', outcome: 'done' }),
  ).toMatchObject([{ ticket: 'INC-7' }]);
});

test('Stripe being away is asked again later; after an hour, and when Stripe takes no such request, on-call is told', async () => {
  const { id, line, lucy, stripe, deps, clock, told } = await anEventThatNeverCame();
  await lucy(`${line} --yes`);
  stripe.faults.add({ kind: 'refuse', path: '/retry', times: 1_000 });
  await sendResends(deps);
  expect(await sendResends(deps), 'not at once').toBe(0);
  expect((await lucy(`webhook show ${id}`)).err).toMatch(/Stripe is being asked, and did not answer yet/);
  clock.advance(2 * HOUR_MS);
  await sendResends(deps);
  expect(await told('oncall')).toEqual([
    expect.stringContaining(`Stripe did not send ${id} again, as terminal:admin had asked`),
  ]);

  stripe.faults.clear();
  await lucy(`${line} --yes`);
  stripe.faults.add({
    kind: 'error',
    path: '/retry',
    status: 404,
    times: 9,
    error: { type: 'invalid_request_error', message: 'Unrecognized request URL (POST: /v1/events/retry).' },
  });
  await sendResends(deps);
  expect((await told('oncall')).slice(1)).toEqual([expect.stringContaining('Unrecognized request URL')]);
  expect(await sendResends(deps)).toBe(0);
});

test('it is refused where Stripe would send nothing, with what to do instead', async () => {
  const { line, lucy, stripe, database } = await anEventThatNeverCame();
  expect((await lucy('webhook resend evt_none --reason "it never came" --yes')).err).toContain(
    'Stripe has no event evt_none',
  );
  expect((await lucy(`${line} --endpoint we_other --yes`)).err).toContain('we_other is no webhook endpoint');

  stripe.endpoint.status = 'disabled';
  const disabled = await lucy(`${line} --yes`);
  expect(disabled.err).toContain('is disabled, so Stripe would send nothing');
  expect(disabled.err).toContain('“lucy webhook replay” works without it');

  stripe.endpoint.status = 'enabled';
  stripe.endpoint.url = 'https://shop.example/hooks';
  expect((await lucy(`${line} --yes`)).err).toContain('Stripe has no webhook endpoint that sends to Lucy.');
  expect((await lucy(`${line} --yes`, staff('support'))).code).toBe(3);
  expect(await database.knex('webhook_resends')).toEqual([]);

  const { lucy: withoutKey } = await terminalWorld();
  expect((await withoutKey('webhook resend evt_1 --reason "it never came" --yes')).err).toContain(
    'Without STRIPE_SECRET_KEY Lucy cannot ask Stripe.',
  );
});

test('a restricted key that may not read endpoints is told what it lacks, and what works without', async () => {
  const { line, lucy, stripe, database } = await anEventThatNeverCame();
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

  const typed = await lucy(`${line} --yes`);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain('Stripe does not let STRIPE_SECRET_KEY read webhook endpoints.');
  expect(typed.err).toContain('“lucy webhook replay” works without it.');
  expect(await database.knex('webhook_resends')).toEqual([]);
});
