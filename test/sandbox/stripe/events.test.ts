import { expect, test } from 'vitest';
import { failureOf, startStripe } from './start.ts';

test('events are listed by type, by wildcard and by several types', async () => {
  const { world, sdk } = await startStripe();
  const { id } = world.createCustomer({});
  world.subscribe(id, 'pro_monthly');
  const typesOf = async (params: Parameters<typeof sdk.events.list>[0]) =>
    (await sdk.events.list({ limit: 100, ...params })).data.map(({ type }) => type).sort();
  expect(await typesOf({ type: 'customer.subscription.created' })).toEqual(['customer.subscription.created']);
  expect(await typesOf({ type: 'invoice.*' })).toEqual([
    'invoice.created',
    'invoice.finalized',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice.updated',
  ]);
  expect(await typesOf({ types: ['charge.succeeded', 'invoice.paid'] })).toEqual([
    'charge.succeeded',
    'invoice.paid',
  ]);
  const both = await failureOf(sdk.events.list({ type: 'a', types: ['b'] }));
  expect(both.statusCode).toBe(400);
  const many = await failureOf(sdk.events.list({ types: Array(21).fill('invoice.paid') }));
  expect(many.param).toBe('types');
});

test('a range of seconds selects, at both ends', async () => {
  const { world, sdk, clock } = await startStripe();
  const seconds: number[] = [];
  for (const _ of [1, 2, 3]) {
    world.createCustomer({ withoutCard: true });
    seconds.push(world.now());
    clock.advance(10);
  }
  const [first = 0, second = 0, third = 0] = seconds;
  const count = async (created: { gt?: number; gte?: number; lt?: number; lte?: number }) =>
    (await sdk.events.list({ created })).data.length;
  expect(await count({ gte: second })).toBe(2);
  expect(await count({ gt: second })).toBe(1);
  expect(await count({ gte: first, lt: third })).toBe(2);
  expect(await count({ lte: first })).toBe(1);
});

test('events are kept for 30 days', async () => {
  const { stripe, world, sdk, clock } = await startStripe();
  world.createCustomer({ withoutCard: true });
  const { id } = stripe.lastEvent();
  clock.advance(30 * 86_400 - 1);
  expect((await sdk.events.retrieve(id)).id).toBe(id);
  clock.advance(1);
  expect((await failureOf(sdk.events.retrieve(id))).code).toBe('resource_missing');
  expect((await sdk.events.list()).data).toEqual([]);
});

test('an event is a snapshot, and names the API call that caused it', async () => {
  const { stripe, sdk } = await startStripe();
  const { id } = await sdk.customers.create({ email: 'old@firm.com' }, { idempotencyKey: 'lucy:run:9' });
  await sdk.customers.update(id, { email: 'new@firm.com' });
  const [created, updated] = stripe.events;
  expect(created).toMatchObject({
    data: { object: { email: 'old@firm.com' } },
    request: { id: stripe.requests[0]?.id, idempotency_key: 'lucy:run:9' },
  });
  expect(updated?.data.previous_attributes).toEqual({ email: 'old@firm.com' });
});

test('what the Dashboard does has no request, and can be told by no event at all', async () => {
  const { stripe, world } = await startStripe();
  world.createCustomer({ withoutCard: true });
  expect(stripe.lastEvent().request).toEqual({ id: null, idempotency_key: null });
  const { id } = world.withoutEvents(() => world.createCustomer({ email: 'quiet@firm.com' }));
  world.withoutEvents(() => world.subscribe(id, 'pro_monthly'));
  expect(stripe.events).toHaveLength(1);
  expect(world.liveSubscriptionOf(id)?.status).toBe('active');
});

test('the same seed gives the same ids', async () => {
  const [first, second, other] = [
    await startStripe({ seed: 'a' }),
    await startStripe({ seed: 'a' }),
    await startStripe({ seed: 'b' }),
  ];
  const ids = [first, second, other].map(({ world }) => world.createCustomer({}).id);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
  expect(ids[0]).toMatch(/^cus_[0-9A-Za-z]{14}$/);
});
