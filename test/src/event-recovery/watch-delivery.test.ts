import { expect, test } from 'vitest';
import { watchDelivery } from '#src/event-recovery/watch-delivery.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';

const MINUTE_MS = 60_000;

test('on-call is told once that webhooks do not arrive, with how many and since when, and once that they do again', async () => {
  const { stripe, clock, deps, told, poll, work } = await recoveryWorld({ webhooks: { alert_at: 2 } });
  await watchDelivery(deps);
  expect(await told('oncall')).toEqual([]);

  stripe.loseWebhooks(true);
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await stripe.idle();
  await watchDelivery(deps);
  expect(await told('oncall'), 'they are still on their way').toEqual([]);
  clock.advance(5 * MINUTE_MS);
  await watchDelivery(deps);
  clock.advance(5 * MINUTE_MS);
  await watchDelivery(deps);

  const [alert, ...more] = await told('oncall');
  expect(alert).toMatch(
    /^Stripe’s webhooks are in trouble since 2026-11-21 09:00 UTC: \d+ events did not reach Lucy\.$/,
  );
  expect(more).toEqual([]);

  await poll();
  await work();
  stripe.loseWebhooks(false);
  stripe.world.createCustomer({ id: 'cus_new', email: 'new@firm.com', name: 'New' });
  await stripe.idle();
  await watchDelivery(deps);
  await watchDelivery(deps);
  expect((await told('oncall')).slice(1)).toEqual([
    'Stripe’s webhooks are well again: nothing is lost or failed.',
  ]);

  stripe.loseWebhooks(true);
  stripe.world.subscribe('cus_new', 'pro_monthly');
  clock.advance(5 * MINUTE_MS);
  await watchDelivery(deps);
  expect(await told('oncall')).toHaveLength(3);
});

test('what another endpoint of the account failed to take is no alert of ours', async () => {
  const { stripe, clock, deps, told } = await recoveryWorld({ webhooks: { alert_at: 1 } });
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await stripe.idle();
  await stripe.idle();
  for (const event of stripe.events) event.pending_webhooks = 1;
  clock.advance(5 * MINUTE_MS);
  await watchDelivery(deps);

  expect(await told('oncall')).toEqual([]);
});

test('a disabled endpoint is told once, and its return once; one that is not ours is not looked at', async () => {
  const { stripe, deps, told } = await recoveryWorld();
  stripe.endpoint.status = 'disabled';
  await watchDelivery(deps);
  await watchDelivery(deps);
  expect(await told('oncall')).toEqual([
    `Stripe sends Lucy nothing any more: the webhook endpoint ${stripe.endpoint.id} (${stripe.endpoint.url}) is disabled.`,
  ]);

  stripe.endpoint.status = 'enabled';
  await watchDelivery(deps);
  await watchDelivery(deps);
  expect((await told('oncall')).slice(1)).toEqual([
    `The webhook endpoint ${stripe.endpoint.id} is enabled again.`,
  ]);

  stripe.endpoint.url = 'https://shop.example/hooks';
  stripe.endpoint.status = 'disabled';
  await watchDelivery(deps);
  expect(await told('oncall')).toHaveLength(2);
});

test('Stripe being away, or a key that may not read endpoints, ends nothing', async () => {
  const { stripe, clock, deps, told, database } = await recoveryWorld({ webhooks: { alert_at: 1 } });
  stripe.faults.down(true);
  await watchDelivery(deps);
  stripe.faults.down(false);
  expect(await told('oncall')).toEqual([]);

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
  stripe.loseWebhooks(true);
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await stripe.idle();
  clock.advance(5 * MINUTE_MS);
  await watchDelivery(deps);
  expect(await database.knex('findings').where({ state: 'open' })).toMatchObject([
    { kind: 'webhooks_undelivered' },
  ]);
});
