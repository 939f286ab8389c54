import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { failureOf, sdkFor, startStripe } from './start.ts';

test('a wrong key is refused as Stripe refuses it, without repeating it', async () => {
  const { stripe } = await startStripe();
  const failure = await failureOf(
    sdkFor(stripe.port, { key: 'sk_test_wrong000000000001234' }).accounts.retrieveCurrent(),
  );
  expect(failure).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
  expect(failure.message).toBe('Invalid API Key provided: sk_test_****************1234');
  expect((await fetch(`${stripe.url}/v1/account`)).status).toBe(401);
});

test('an unknown parameter is refused by its name, also inside a hash', async () => {
  const { world, sdk } = await startStripe();
  const { id } = world.createCustomer({ email: 'a@b.example' });
  const failure = await failureOf(sdk.customers.list({ emial: 'a@b.example' } as Stripe.CustomerListParams));
  expect(failure).toMatchObject({
    code: 'parameter_unknown',
    message: 'Received unknown parameter: emial',
    param: 'emial',
    statusCode: 400,
  });
  const items = [{ plan: 'pro' }] as Stripe.SubscriptionCreateParams['items'];
  const inner = await failureOf(sdk.subscriptions.create({ customer: id, items: items ?? [] }));
  expect(inner.message).toBe('Received unknown parameter: items[0][plan]');
});

test('a path that Stripe does not have is a 404 in its words', async () => {
  const { sdk } = await startStripe();
  const failure = await failureOf(sdk.rawRequest('GET', '/v1/customers/'));
  expect(failure.statusCode).toBe(404);
  expect(failure.message).toContain('Unrecognized request URL (GET: /v1/customers/)');
});

test('an object that does not exist is resource_missing, 404 in the path and 400 in a parameter', async () => {
  const { sdk } = await startStripe();
  const inPath = await failureOf(sdk.customers.retrieve('cus_none'));
  expect(inPath).toMatchObject({ code: 'resource_missing', param: 'id', statusCode: 404 });
  expect(inPath.message).toBe("No such customer: 'cus_none'");
  expect(inPath.requestId).toMatch(/^req_/);
  const inParam = await failureOf(sdk.subscriptions.list({ customer: 'cus_none' }));
  expect(inParam).toMatchObject({ code: 'resource_missing', param: 'customer', statusCode: 400 });
});

test('values of the wrong kind are refused', async () => {
  const { sdk } = await startStripe();
  const over = await failureOf(sdk.customers.list({ limit: 101 }));
  expect(over.message).toBe("This value must be less than or equal to 100 (it currently is '101').");
  const under = await failureOf(sdk.customers.list({ limit: 0 }));
  expect(under.message).toContain('greater than or equal to 1');
  const empty = await failureOf(sdk.customers.list({ email: '' }));
  expect(empty.code).toBe('parameter_invalid_empty');
  const status = await failureOf(sdk.invoices.list({ status: 'late' as 'open' }));
  expect(status.message).toBe('Invalid status: must be one of draft, open, paid, uncollectible, or void');
  const missing = await failureOf(sdk.rawRequest('POST', '/v1/billing_portal/sessions', {}));
  expect(missing).toMatchObject({ code: 'parameter_missing', param: 'customer' });
});

test('lists come newest first, page by page, in both directions', async () => {
  const { world, sdk, clock } = await startStripe();
  const ids = Array.from({ length: 25 }, (_, index) => {
    clock.advance(1);
    return world.createCustomer({ email: `c${index}@many.example` }).id;
  }).reverse();

  const first = await sdk.customers.list({ limit: 10 });
  expect(first).toMatchObject({ has_more: true, url: '/v1/customers' });
  expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 10));
  const all = await sdk.customers.list({ limit: 10 }).autoPagingToArray({ limit: 100 });
  expect(all.map(({ id }) => id)).toEqual(ids);
  const before = await sdk.customers.list({ ending_before: ids[20] ?? '', limit: 5 });
  expect(before.data.map(({ id }) => id)).toEqual(ids.slice(15, 20));
  expect(before.has_more).toBe(true);
  const lost = await failureOf(sdk.customers.list({ starting_after: 'cus_none' }));
  expect(lost).toMatchObject({ code: 'resource_missing', param: 'starting_after' });
});

test('a cursor whose row the filter no longer keeps still marks its place', async () => {
  const { world, sdk } = await startStripe();
  const { id } = world.createCustomer({});
  const [, middle, newest] = [1, 2, 3].map(() => world.subscribe(id, 'starter_monthly').id);
  world.cancelNow(newest ?? '');
  const page = await sdk.subscriptions.list({ customer: id, limit: 1, starting_after: newest ?? '' });
  expect(page.data[0]?.id).toBe(middle);
});

test('e-mail filters are exact, search lags and ignores case', async () => {
  const { world, sdk, clock } = await startStripe();
  const { id } = world.createCustomer({ email: 'Sofia@firm.com', metadata: { user: '42' } });
  expect((await sdk.customers.list({ email: 'Sofia@firm.com' })).data).toHaveLength(1);
  expect((await sdk.customers.list({ email: 'sofia@firm.com' })).data).toHaveLength(0);
  const query = 'email:"sofia@firm.com" AND metadata["user"]:"42"';
  expect((await sdk.customers.search({ query })).data).toHaveLength(0);
  clock.advance(61);
  expect((await sdk.customers.search({ query })).data[0]?.id).toBe(id);
});

test('metadata merges, and an empty value unsets', async () => {
  const { sdk } = await startStripe();
  const { id } = await sdk.customers.create({ email: 'm@n.example', metadata: { a: '1', b: '2' } });
  const customer = await sdk.customers.update(id, { metadata: { b: '', c: '3' } });
  expect(customer.metadata).toEqual({ a: '1', c: '3' });
});

test('a deleted customer is a stub, keeps its past, and can no longer be changed', async () => {
  const { world, sdk } = await startStripe();
  const { id } = world.createCustomer({ email: 'gone@firm.com' });
  world.subscribe(id, 'pro_monthly');
  expect(await sdk.customers.del(id)).toEqual({ id, object: 'customer', deleted: true });
  expect(await sdk.customers.retrieve(id)).toEqual({ id, object: 'customer', deleted: true });
  expect((await sdk.customers.list({ email: 'gone@firm.com' })).data).toEqual([]);
  const { data } = await sdk.subscriptions.list({ customer: id, status: 'all' });
  expect(data[0]?.status).toBe('canceled');
  expect((await failureOf(sdk.customers.update(id, { name: 'x' }))).code).toBe('resource_missing');
});

test('another API version than the pinned one is refused', async () => {
  const { sdk } = await startStripe();
  const failure = await failureOf(sdk.accounts.retrieveCurrent({}, { apiVersion: '2020-08-27' }));
  expect(failure.message).toContain('Invalid Stripe API version: 2020-08-27');
});
