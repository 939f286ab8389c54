import { expect, test } from 'vitest';
import { apiWorld } from '#test/world/api-world.ts';

test('the product makes a customer known, and from then on names them by its own id', async () => {
  const { call, lucy, rows } = await apiWorld();

  const added = await call('PUT', '/api/customers/u-42', {
    email: 'Nora@Firm.com',
    name: 'Nora',
    emailVerified: true,
  });
  const read = await call('GET', '/api/entitlements?customer=u-42');

  expect([added.status, added.json]).toEqual([
    200,
    {
      customer: expect.stringMatching(/^cust_/),
      productId: 'u-42',
      email: 'nora@firm.com',
      name: 'Nora',
      emailVerified: true,
    },
  ]);
  expect(read.json).toMatchObject({
    customer: { id: added.json.customer, productId: 'u-42', email: 'nora@firm.com' },
    tier: 'free',
    access: 'full',
  });
  const shown = (await lucy('customer show nora@firm.com --json')).json();
  expect(shown).toMatchObject({ emailVerified: true, tier: 'free' });
  expect((await rows('audit_events')).at(-1)).toMatchObject({
    command: 'customer put',
    actor_id: 'api:product',
  });
});

test('the same again changes nothing and writes nothing', async () => {
  const { call, rows } = await apiWorld();
  const nora = { email: 'nora@firm.com', name: 'Nora', emailVerified: true };
  const first = await call('PUT', '/api/customers/u-42', nora);
  const audited = (await rows('audit_events')).length;

  const again = await call('PUT', '/api/customers/u-42', nora);

  expect(again.text).toBe(first.text);
  expect((await rows('audit_events')).length).toBe(audited);
});

test('what is left out stays, null takes the name away, and a new email is not verified by itself', async () => {
  const { call } = await apiWorld();
  await call('PUT', '/api/customers/u-42', { email: 'nora@firm.com', name: 'Nora', emailVerified: true });

  const kept = await call('PUT', '/api/customers/u-42', { email: 'nora@firm.com' });
  const moved = await call('PUT', '/api/customers/u-42', { email: 'nora@new.com', name: null });

  expect(kept.json).toMatchObject({ name: 'Nora', emailVerified: true });
  expect(moved.json).toMatchObject({
    customer: kept.json.customer,
    email: 'nora@new.com',
    name: null,
    emailVerified: false,
  });
  expect((await call('GET', '/api/entitlements?email=nora@firm.com')).status).toBe(404);
});

test('a customer whom staff added is taken over by login email, once', async () => {
  const { call, grant, credits } = await apiWorld();
  await grant(10);

  const taken = await call('PUT', '/api/customers/u-1', { email: 'sofia@firm.com' });
  const other = await call('PUT', '/api/customers/u-2', { email: 'sofia@firm.com' });

  expect(taken.status).toBe(200);
  expect([other.status, other.json.error.message]).toEqual([
    409,
    'The login email sofia@firm.com belongs to another customer, so nothing was changed.',
  ]);
  expect((await credits()).balance).toBe(10);
  expect((await call('GET', '/api/entitlements?customer=u-1')).json.credits.balance).toBe(10);
});

test('nobody is given the email of another customer', async () => {
  const { call } = await apiWorld();
  await call('PUT', '/api/customers/u-42', { email: 'nora@firm.com' });

  const answer = await call('PUT', '/api/customers/u-42', { email: 'sofia@firm.com' });

  expect(answer.status).toBe(409);
  expect((await call('GET', '/api/entitlements?customer=u-42')).json.customer.email).toBe('nora@firm.com');
});

test('the Stripe customer that the product made is linked; one of somebody else, or one that staff took away, is not', async () => {
  const { call, lucy, rows } = await apiWorld();
  const put = (stripeCustomer: string) =>
    call('PUT', '/api/customers/u-42', { email: 'nora@firm.com', stripeCustomer });

  const linked = await put('cus_nora');
  const again = await put('cus_nora');
  const foreign = await put('cus_sofia');
  await lucy('customer unlink nora@firm.com cus_nora --reason "wrong one" --yes');
  const relinked = await put('cus_nora');

  expect([linked.status, again.status, foreign.status, relinked.status]).toEqual([200, 200, 409, 409]);
  expect(relinked.json.error.message).toBe(
    'Staff took the link to cus_nora away, so only staff may make it again.',
  );
  expect((await rows('customer_links')).find((row) => row.stripe_customer_id === 'cus_nora')).toMatchObject({
    proof: 'created_by_us',
    status: 'removed',
    actor: 'api:product',
  });
});

test('ten times the same new customer at once is one customer, again and again', async () => {
  for (let round = 0; round < 10; round++) await putTenTimesAtOnce();
});

async function putTenTimesAtOnce(): Promise<void> {
  const { call, rows } = await apiWorld();

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call('PUT', '/api/customers/u-42', { email: 'nora@firm.com' })),
  );

  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(200);
  expect((await rows('audit_events')).filter((row) => row.command === 'customer put')).toHaveLength(1);
  expect((await rows('customers')).filter((row) => row.email === 'nora@firm.com')).toHaveLength(1);
}

test.each([
  [
    'cus_1',
    { email: 'nora@firm.com' },
    'The id in the path must not start with cust_ or cus_, which are Lucy’s and Stripe’s.',
  ],
  [
    'a%20b',
    { email: 'nora@firm.com' },
    'The id in the path must be 1 to 200 letters, digits or any of . _ : @ | -.',
  ],
  ['u-1', {}, '“email” must be a login email such as sofia@firm.com.'],
  ['u-1', { email: 'nora' }, '“email” must be a login email such as sofia@firm.com.'],
  [
    'u-1',
    { email: 'nora@firm.com', stripeCustomer: 'sub_1' },
    '“stripeCustomer” must be a Stripe customer id; it starts with cus_.',
  ],
  [
    'u-1',
    { email: 'nora@firm.com', tier: 'pro' },
    'PUT /api/customers/:id does not know “tier”, so it did nothing.',
  ],
])('PUT /api/customers/%s with %j is refused', async (id, body, message) => {
  const { call, rows } = await apiWorld();

  const answer = await call('PUT', `/api/customers/${id}`, body);

  expect([answer.status, answer.json.error.message]).toEqual([400, message]);
  expect(await rows('customers')).toHaveLength(1);
});
