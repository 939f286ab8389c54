import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { secretKey, start, startStripe, webhookSecret } from './start.ts';
import { type Received, webhookReceiver } from './webhook-receiver.ts';

const { webhooks } = new Stripe(secretKey);

const opened = ({ body, headers }: Received, secret = webhookSecret, at = start) =>
  webhooks.constructEvent(body, String(headers['stripe-signature']), secret, 300, undefined, at * 1000);

test('every event arrives by itself, signed, printed as Stripe prints', async () => {
  const receiver = await webhookReceiver();
  const { stripe, world } = await startStripe({ autoDeliver: true, webhookUrl: receiver.url });
  world.createCustomer({ id: 'cus_sofia', email: 'sofia@firm.com', withoutCard: true });
  await stripe.idle();

  const [delivery] = receiver.received;
  if (!delivery) throw new Error('Nothing arrived.');
  expect(delivery.body.startsWith('{\n  "id": "evt_')).toBe(true);
  expect(delivery.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  });
  expect(opened(delivery)).toMatchObject({
    api_version: '2026-10-28.endive',
    data: { object: { id: 'cus_sofia' } },
    pending_webhooks: 1,
    type: 'customer.created',
  });
  expect(stripe.lastEvent().pending_webhooks).toBe(0);
  expect(stripe.wire.entries().at(-1)).toMatchObject({
    from: 'stripe',
    label: 'customer.created',
    status: 200,
  });
});

test('a test delivers in any order, many times, at once, or not at all', async () => {
  const receiver = await webhookReceiver();
  const { stripe, world } = await startStripe({ webhookUrl: receiver.url });
  world.createCustomer({});
  const [created, , updated] = stripe.events;
  expect(receiver.received).toHaveLength(0);

  await stripe.deliver(updated?.id ?? '');
  await stripe.deliver(created?.id ?? '', { times: 3 });
  await stripe.deliver(created?.id ?? '', { times: 20, concurrently: true, style: 'compact' });
  const types = receiver.received.map((delivery) => opened(delivery).type);
  expect(types.slice(0, 4)).toEqual(['customer.updated', ...Array(3).fill('customer.created')]);
  expect(types).toHaveLength(24);
  expect(receiver.received.at(-1)?.body).not.toContain('\n');
  expect(stripe.attemptsOf(created?.id ?? '')).toHaveLength(23);
});

test('a wrong secret, an old timestamp and a changed body do not verify', async () => {
  const { stripe, world } = await startStripe();
  world.createCustomer({});
  const event = stripe.lastEvent();
  const received = (signing: Parameters<typeof stripe.signed>[1]) => {
    const { body, headers } = stripe.signed(event, signing);
    return { body, headers };
  };
  expect(opened(received({})).id).toBe(event.id);
  expect(() => opened(received({ secret: 'whsec_other' }))).toThrow('No signatures found matching');
  expect(() => opened(received({ timestamp: start - 301 }))).toThrow('outside the tolerance');
  const changed = received({ mutateBody: (body) => body.replace('"livemode": false', '"livemode": true ') });
  expect(() => opened(changed)).toThrow('No signatures found matching');
  const live = received({ editEvent: (former) => ({ ...former, livemode: true, type: 'unheard.of' }) });
  expect(opened(live)).toMatchObject({ id: event.id, livemode: true, type: 'unheard.of' });
  expect(stripe.signed('{"id":"evt_mine"}').headers['stripe-signature']).toMatch(
    /^t=1795253400,v1=[0-9a-f]{64}$/,
  );
});

test('while a secret is rolled both sign', async () => {
  const { stripe, world } = await startStripe();
  world.createCustomer({});
  stripe.rollWebhookSecret('whsec_new', { keepOld: true });
  const signed = stripe.signed(stripe.lastEvent());
  expect(opened(signed, webhookSecret).object).toBe('event');
  expect(opened(signed, 'whsec_new').object).toBe('event');
  stripe.rollWebhookSecret('whsec_newer');
  expect(() => opened(stripe.signed(stripe.lastEvent()), 'whsec_new')).toThrow('No signatures found');
});

test('a failure is tried again later, with a new signature, until it works', async () => {
  let healthy = false;
  const receiver = await webhookReceiver(() => (healthy ? 200 : 503));
  const { stripe, world, clock } = await startStripe({ autoDeliver: true, webhookUrl: receiver.url });
  world.createCustomer({ withoutCard: true });
  await stripe.idle();
  const { id } = stripe.lastEvent();
  expect(stripe.attemptsOf(id)).toMatchObject([{ status: 503 }]);
  expect(stripe.nextAttemptAt(id)).toBe(clock.now() + 5 * 60_000);

  await stripe.deliverDue();
  expect(receiver.received).toHaveLength(1);
  clock.advance(5 * 60);
  await stripe.deliverDue();
  clock.advance(30 * 60);
  healthy = true;
  await stripe.deliverDue();
  expect(stripe.attemptsOf(id).map(({ status }) => status)).toEqual([503, 503, 200]);
  expect(stripe.nextAttemptAt(id)).toBeNull();
  expect(stripe.lastEvent().pending_webhooks).toBe(0);
  const signatures = receiver.received.map(({ headers }) => headers['stripe-signature']);
  expect(new Set(signatures).size).toBe(3);
});

test('a sandbox gives up after three more tries; a redirect is a failure', async () => {
  const receiver = await webhookReceiver(() => 302);
  const { stripe, world, clock } = await startStripe({ autoDeliver: true, webhookUrl: receiver.url });
  world.createCustomer({ withoutCard: true });
  await stripe.idle();
  for (const _ of [1, 2, 3, 4, 5]) {
    clock.advance(24 * 3600);
    await stripe.deliverDue();
  }
  expect(receiver.received).toHaveLength(4);
  expect(stripe.lastEvent().pending_webhooks).toBe(1);
});

test('lost webhooks stay undelivered and can be found and sent again', async () => {
  const receiver = await webhookReceiver();
  const { stripe, world, sdk } = await startStripe({ autoDeliver: true, webhookUrl: receiver.url });
  stripe.loseWebhooks(true);
  world.createCustomer({ withoutCard: true });
  await stripe.idle();
  stripe.loseWebhooks(false);
  expect(receiver.received).toHaveLength(0);
  const { data } = await sdk.events.list({ delivery_success: false });
  expect(data.map(({ type }) => type)).toEqual(['customer.created']);

  await sdk.rawRequest('POST', `/v1/events/${data[0]?.id}/retry`, { webhook_endpoint: stripe.endpoint.id });
  await stripe.idle();
  expect(receiver.received).toHaveLength(1);
  expect((await sdk.events.list({ delivery_success: false })).data).toEqual([]);
});

test('without an endpoint the retry goes nowhere, as it goes to the CLI only', async () => {
  const receiver = await webhookReceiver();
  const { stripe, world, sdk } = await startStripe({ webhookUrl: receiver.url });
  world.createCustomer({});
  await sdk.rawRequest('POST', `/v1/events/${stripe.lastEvent().id}/retry`, { for_stripecli: true });
  await stripe.idle();
  expect(receiver.received).toHaveLength(0);
});

test('webhooks lost without a trace look delivered', async () => {
  const { stripe, world, sdk } = await startStripe({ autoDeliver: true });
  stripe.loseWebhooks(true, { untraced: true });
  world.createCustomer({});
  await stripe.idle();
  expect((await sdk.events.list({ delivery_success: false })).data).toEqual([]);
});

test('a disabled endpoint gets nothing, not even a pending event', async () => {
  const receiver = await webhookReceiver();
  const { stripe, world, sdk } = await startStripe({ autoDeliver: true, webhookUrl: receiver.url });
  const [endpoint] = (await sdk.webhookEndpoints.list()).data;
  expect(endpoint).toMatchObject({ enabled_events: ['*'], status: 'enabled', url: receiver.url() });
  await sdk.webhookEndpoints.update(endpoint?.id ?? '', { disabled: true });
  world.createCustomer({});
  await stripe.idle();
  expect(receiver.received).toHaveLength(0);
  expect(stripe.lastEvent().pending_webhooks).toBe(0);
});

test('an endpoint that is not there is a failed attempt, and secrets are not on the wire', async () => {
  const { stripe, world } = await startStripe();
  world.createCustomer({ metadata: { key: secretKey, secret: webhookSecret } });
  const [attempt] = await stripe.deliver(stripe.events[0]?.id ?? '');
  expect(attempt).toMatchObject({ status: null });
  expect(attempt?.error).toBeTruthy();
  const shown = JSON.stringify(stripe.wire.entries());
  expect(shown).not.toContain(secretKey);
  expect(shown).not.toContain(webhookSecret);
});
