import { expect, test } from 'vitest';
import { refreshInBulk } from '#src/billing-events/bulk-refresh.ts';
import { LEASE_MS } from '#src/billing-events/keep-lease.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { type BillingWorld, billingWorld, type Customer } from '#test/world/billing-world.ts';
import { bulkFrom, mortal, settle } from '#test/world/bulk-world.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';

const crowd = (count: number): Customer[] =>
  Array.from({ length: count }, (_none, at) => ({ email: `c${at}@firm.com`, stripe: `cus_${at}` }));

const countOf = (world: BillingWorld, name: string) =>
  world.truth.calls.filter((call) => call === name).length;

/** Everybody renews: an invoice is paid, and its event comes. */
async function renewal(options: { customers: number; threshold?: number; pageSize?: number }) {
  const customers = crowd(options.customers);
  const world = await billingWorld({ customers, settings: bulkFrom(options.threshold ?? 5) });
  await world.drain();
  world.truth.pageSize = options.pageSize ?? 100;
  for (const { stripe } of customers) {
    const subscription = world.truth.subscribe(stripe, 'price_B');
    await world.receive(events.invoice('paid', world.truth.payInvoice(subscription.id)));
  }
  world.truth.calls.length = 0;
  return { ...world, customers };
}

test('a wave of renewals takes a page for a hundred customers, and each has what was paid for', async () => {
  const world = await renewal({ customers: 12 });

  await settle(world);

  expect(world.truth.calls).toEqual(['listSubscriptionPage', 'listInvoicePage']);
  for (const { email } of world.customers) {
    const shown = await world.show(email);
    expect(shown).toMatchObject({ tier: 'pro', access: 'full', credits: { balance: 500, debt: 0 } });
  }
  expect(await world.database.knex('stripe_events').whereNot({ status: 'done' })).toEqual([]);
  expect(await world.database.knex('bulk_refreshes')).toMatchObject([
    { state: 'done', active: null, customers: 12, pages: 1, invoices_found: 12 },
  ]);
  expect(await world.database.knex('bulk_reads')).toEqual([]);
});

test('few customers, or few among very many subscriptions, are asked for singly', async () => {
  const few = await renewal({ customers: 4 });
  expect(await refreshInBulk(few.deps)).toBe(0);
  await few.drain();
  expect(countOf(few, 'listSubscriptionPage')).toBe(0);
  expect((await few.show('c3@firm.com')).credits.balance).toBe(500);

  const many = await renewal({ customers: 6 });
  await many.database.knex('installation').insert({ name: 'bulk_pages', value: '4', set_at: 0 });
  expect(await refreshInBulk(many.deps)).toBe(0);
  expect(countOf(many, 'listSubscriptionPage')).toBe(0);
});

test('a list longer than it is worth is given up, and not begun again for as few', async () => {
  const world = await renewal({ customers: 6, pageSize: 1 });

  await settle(world);

  expect(countOf(world, 'listSubscriptionPage')).toBe(4);
  expect(countOf(world, 'listSubscriptions')).toBe(6);
  expect((await world.show('c0@firm.com')).credits.balance).toBe(500);
  expect(await world.database.knex('bulk_refreshes')).toMatchObject([{ state: 'dropped' }]);
  expect(await world.database.knex('bulk_reads')).toEqual([]);

  world.clock.advance(3_600_000);
  for (const { stripe } of world.customers)
    await world.receive(stripeEvent('customer.updated', { id: stripe, object: 'customer' }));
  await settle(world);
  expect(countOf(world, 'listSubscriptionPage')).toBe(4);
});

test('nobody in the list is committed before it was read to its end; others go on meanwhile', async () => {
  const world = await renewal({ customers: 8, pageSize: 3 });
  // One on the first page, and a better one on the last.
  const last = world.truth.subscribe('cus_0', 'price_A', { id: 'sub_second' });
  await world.receive(events.subscription('created', last));
  const meanwhile: string[] = [];
  world.truth.onCall = async (name) => {
    if (name === 'listSubscriptionPage') meanwhile.push(await syncNext(world.deps));
  };

  while ((await refreshInBulk(world.deps)) > 0);
  expect(meanwhile).toEqual(['idle', 'idle', 'idle']);
  world.truth.onCall = () => {};
  await settle(world);

  expect((await world.show('c0@firm.com')).tier).toBe('pro');
  expect(
    await world.database.knex('subscriptions').where({ stripe_customer_id: 'cus_0' }).whereNull('gone_at'),
  ).toHaveLength(2);
});

test('what changes after its page was read is not lost', async () => {
  const world = await renewal({ customers: 8, pageSize: 3 });
  const subscription = [...world.truth.subscriptions.values()].find((row) => row.customer === 'cus_7');
  let pages = 0;
  world.truth.onCall = async (name) => {
    if (name !== 'listSubscriptionPage' || ++pages !== 3 || !subscription) return;
    Object.assign(subscription, { status: 'canceled', endedAt: world.clock.now() });
    await world.receive(events.subscription('deleted', subscription));
  };

  await settle(world);

  expect((await world.show('c7@firm.com')).tier).toBe('free');
  expect(countOf(world, 'listSubscriptions')).toBe(1);
});

test('a payment told of between the claim and the look at the events is not settled from an older page', async () => {
  const world = await renewal({ customers: 6 });
  const { truth } = world;
  const [subscription] = truth.subscriptions.values();
  // An older invoice of the same subscription, unpaid while the pages are read.
  const latest = subscription?.latestInvoiceId ?? null;
  const old = truth.payInvoice(subscription?.id ?? '', { status: 'open', paidAt: null, amountPaid: 0 });
  Object.assign(subscription ?? {}, { latestInvoiceId: latest });
  await world.receive(events.invoice('payment_failed', old));
  while ((await refreshInBulk(world.deps)) > 0);

  const arrivals: Promise<void>[] = [];
  const crashPoint = (name: string) => {
    if (name !== 'sync claimed' || arrivals.length > 0) return;
    Object.assign(old, { status: 'paid', paidAt: world.clock.now(), amountPaid: 4_900 });
    arrivals.push(world.receive(events.invoice('paid', old)));
  };
  await syncNext({ ...world.deps, crashPoint });
  await Promise.all(arrivals);
  await settle(world);

  expect((await world.show('c0@firm.com')).credits.balance).toBe(1_000);
});

test('whom a page does not tell everything of is asked for singly', async () => {
  const world = await renewal({ customers: 6 });
  const { gateway } = world.truth;
  const told = world.truth.subscribe('cus_3', 'price_A');
  await world.receive(events.subscription('created', told));
  const stripe = {
    ...gateway,
    async listSubscriptionPage(after: string | null) {
      const page = await gateway.listSubscriptionPage(after);
      const rows = (page?.rows ?? []).map((row) =>
        row.stripeCustomerId === 'cus_3' && row.id !== told.id ? { ...row, subscription: null } : row,
      );
      return page && { ...page, rows };
    },
  };

  while ((await refreshInBulk({ ...world.deps, stripe })) > 0);
  await settle(world);

  expect(countOf(world, 'listSubscriptions')).toBe(1);
  expect(await world.database.knex('bulk_refreshes')).toMatchObject([{ customers: 6, state: 'done' }]);
  expect((await world.show('c3@firm.com')).tier).toBe('pro');
});

test('a customer deleted at Stripe is found out, though the list does not tell it', async () => {
  const world = await renewal({ customers: 6 });
  world.truth.deleted.add('cus_2');
  for (const row of world.truth.subscriptions.values())
    if (row.customer === 'cus_2') Object.assign(row, { status: 'canceled', endedAt: world.clock.now() });

  await settle(world);

  expect(countOf(world, 'listSubscriptions')).toBe(1);
  expect((await world.show('c2@firm.com')).findings).toMatchObject([{ kind: 'customer_deleted_at_stripe' }]);
});

test('Stripe away in the middle of the list: it goes on from its page', async () => {
  const world = await renewal({ customers: 8, pageSize: 3 });
  let pages = 0;
  world.truth.onCall = (name) => {
    if (name === 'listSubscriptionPage' && ++pages === 2) throw new StripeAway('Stripe is down', 20_000);
  };

  expect(await refreshInBulk(world.deps)).toBe(0);
  expect(await refreshInBulk(world.deps)).toBe(0);
  expect(pages).toBe(2);
  world.clock.advance(20_000);
  await settle(world);

  expect(pages).toBe(4);
  expect(countOf(world, 'listSubscriptions')).toBe(0);
  expect((await world.show('c7@firm.com')).credits.balance).toBe(500);
});

test('killed in the middle of the list: the next process reads one page again at most', async () => {
  const world = await renewal({ customers: 8, pageSize: 3 });
  await expect(refreshInBulk(mortal(world.deps, 'bulk step asked', 4))).rejects.toThrow('killed');
  expect(await refreshInBulk(world.deps)).toBe(0);

  world.clock.advance(LEASE_MS + 1);
  await settle(world);

  expect(countOf(world, 'listSubscriptionPage')).toBeLessThanOrEqual(4);
  expect(countOf(world, 'listSubscriptions')).toBe(0);
  expect((await world.show('c0@firm.com')).credits.balance).toBe(500);
});

test('invoices far apart in time are jumped to, not paged to', async () => {
  const world = await renewal({ customers: 6, pageSize: 3 });
  const { truth, clock } = world;
  // A year of invoices between one that is wanted and the others.
  const [old] = [...truth.invoices.values()];
  if (old) Object.assign(old, { createdAt: clock.now() - 365 * 86_400_000 });
  const mine = [...truth.invoices.values()];
  for (let at = 0; at < 60; at++)
    truth.invoices.set(`in_old${at}`, {
      ...structuredClone(mine[1] as (typeof mine)[number]),
      id: `in_old${at}`,
      createdAt: clock.now() - (at + 1) * 86_400_000,
    });
  await world.database
    .knex('stripe_events')
    .where({ object_id: old?.id })
    .update({
      payload: JSON.stringify(
        stripeEvent('invoice.paid', {
          id: old?.id,
          object: 'invoice',
          created: Math.floor((old?.createdAt ?? 0) / 1000),
        }),
      ),
    });

  await settle(world);

  expect(countOf(world, 'listInvoicePage')).toBe(3);
  expect(countOf(world, 'getInvoice')).toBe(0);
  expect((await world.show('c0@firm.com')).credits.balance).toBe(500);
});

test('an answer that cannot be read ends the refresh, and customers are asked for singly', async () => {
  const world = await renewal({ customers: 6 });
  world.truth.onCall = (name) => {
    if (name === 'listSubscriptionPage') throw new Error('Stripe answered something unheard of');
  };

  await settle(world);

  expect(countOf(world, 'listSubscriptionPage')).toBe(1);
  expect(countOf(world, 'listSubscriptions')).toBe(6);
  expect((await world.show('c0@firm.com')).credits.balance).toBe(500);
});

test('with Stripe’s own answers and webhooks: renewals come in a page of subscriptions and one of invoices', async () => {
  const { stripe, deps, lucy, show, work, database } = await recoveryWorld({
    webhooks: { bulk_threshold: 5 },
  });
  const customers = Array.from({ length: 6 }, (_none, at) =>
    stripe.world.createCustomer({ email: `c${at}@firm.com`, name: `C${at}` }),
  );
  for (const [at, { id }] of customers.entries()) {
    await lucy(`customer add c${at}@firm.com --stripe ${id} --reason "new account" --yes`);
    stripe.world.subscribe(id, 'pro_monthly');
  }
  await stripe.idle();
  const before = stripe.requests.length;

  while ((await refreshInBulk(deps)) > 0);
  await work();

  const asked = stripe.requests.slice(before).map(({ path }) => path.split('?')[0]);
  expect(asked).toEqual(['/v1/subscriptions', '/v1/invoices']);
  for (const at of customers.keys())
    expect(await show(`c${at}@firm.com`)).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
  expect(await database.knex('stripe_events').whereIn('status', ['received', 'failed', 'dead'])).toEqual([]);
});
