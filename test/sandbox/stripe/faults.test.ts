import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { failureOf, sdkFor, startStripe } from './start.ts';

test('a rate limit is a 429 without a Retry-After, and strikes as often as asked', async () => {
  const { sdk, stripe } = await startStripe();
  stripe.faults.add({ kind: 'rate_limited', path: '/v1/account', times: 2 });
  for (const _ of [1, 2]) {
    const failure = await failureOf(sdk.accounts.retrieveCurrent());
    expect(failure).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    expect(failure.headers?.['retry-after']).toBeUndefined();
  }
  expect((await sdk.accounts.retrieveCurrent()).object).toBe('account');
});

test('a 500 that saved nothing is retried by the SDK and then applies', async () => {
  const { stripe, world } = await startStripe();
  const sdk = sdkFor(stripe.port, { maxNetworkRetries: 1 });
  stripe.faults.add({ kind: 'http_500', method: 'POST' });
  const customer = await sdk.customers.create({ email: 'x@y.example' });
  expect(customer.email).toBe('x@y.example');
  expect(world.tables.customers.size()).toBe(1);
  expect(stripe.requests.map(({ status }) => status)).toEqual([500, 200]);
  const [first, second] = stripe.requests;
  expect(first?.idempotencyKey).toBe(second?.idempotencyKey);
});

test('a timeout did nothing; while Stripe is down nothing answers', async () => {
  const { sdk, stripe, world } = await startStripe();
  stripe.faults.add({ kind: 'timeout', times: 2 });
  await expect(sdk.customers.create({})).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError);
  expect(world.tables.customers.size()).toBe(0);
  stripe.faults.down(true);
  await expect(sdk.customers.create({})).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError);
  stripe.faults.clear();
  expect((await sdk.customers.create({})).object).toBe('customer');
});

test('a hanging request ends when the client gives up, and close() does not wait for it', async () => {
  const { sdk, stripe } = await startStripe();
  stripe.faults.add({ kind: 'hang' });
  const asked = sdk.accounts.retrieveCurrent({}, { timeout: 80 });
  await expect(asked).rejects.toThrow('timeout being reached');
});

test('any answer can be staged', async () => {
  const { sdk, stripe } = await startStripe();
  stripe.faults.add({
    kind: 'error',
    status: 403,
    error: {
      type: 'invalid_request_error',
      message: 'The provided key does not have the required permissions.',
    },
  });
  expect(await failureOf(sdk.accounts.retrieveCurrent())).toBeInstanceOf(Stripe.errors.StripePermissionError);
});

test('the world can change while an answer is under way', async () => {
  const { sdk, stripe, world } = await startStripe();
  const { id } = world.createCustomer({ email: 'sofia@firm.com' });
  const subscription = world.subscribe(id, 'pro_monthly');
  const stop = stripe.onAnswer((request) => {
    if (request.path === '/v1/subscriptions') world.cancelNow(subscription.id);
  });
  const stale = await sdk.subscriptions.list({ customer: id, status: 'all' });
  stop();
  expect(stale.data[0]?.status).toBe('active');
  expect((await sdk.subscriptions.list({ customer: id, status: 'all' })).data[0]?.status).toBe('canceled');
});

test('requests are logged with what they asked', async () => {
  const { sdk, stripe, clock } = await startStripe();
  await sdk.customers.create({ email: 'x@y.example', metadata: { a: '1' } }, { idempotencyKey: 'k1' });
  expect(stripe.requests[0]).toMatchObject({
    at: clock.now(),
    idempotencyKey: 'k1',
    method: 'POST',
    params: { email: 'x@y.example', metadata: { a: '1' } },
    path: '/v1/customers',
    status: 200,
  });
  expect(stripe.wire.entries()[0]).toMatchObject({
    from: 'lucy',
    label: 'POST /v1/customers',
    status: 200,
    to: 'stripe',
  });
});

test('cut at once and applied late: until then the key is in use, and afterwards it answers', async () => {
  const { sdk, stripe, world } = await startStripe();
  stripe.faults.add({ kind: 'apply_late', method: 'POST', delayMs: 900 });
  const options = { idempotencyKey: 'k1' };
  // The SDK itself tries a closed connection once more after half a second, and meets the first request still under way.
  expect(await failureOf(sdk.customers.create({ email: 'x@y.example' }, options))).toMatchObject({
    statusCode: 409,
    code: 'idempotency_key_in_use',
  });
  expect(world.tables.customers.size()).toBe(0);
  await expect.poll(() => world.tables.customers.size()).toBe(1);
  expect((await sdk.customers.create({ email: 'x@y.example' }, options)).email).toBe('x@y.example');
  expect(world.tables.customers.size()).toBe(1);
});
