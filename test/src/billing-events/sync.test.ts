import { expect, test } from 'vitest';
import { LEASE_MS } from '#src/billing-events/keep-lease.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { events, stripeDown } from '#test/world/stripe-truth.ts';

const HOUR_MS = 3_600_000;

test('an upgrade moves the tier, once, however often its event comes', async () => {
  const { truth, receive, drain, show, messages, database, logs } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  const event = events.subscription('updated', subscription, 'evt_1');

  for (let times = 0; times < 100; times++) await receive(event);
  await drain();

  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', tierSource: 'subscription', access: 'full' });
  expect(await database.knex('entitlement_changes')).toHaveLength(1);
  const [audited, ...more] = await database.knex('audit_events').where({ command: 'stripe sync' });
  expect(more).toEqual([]);
  expect(JSON.parse(audited.after)).toMatchObject({ tier: 'pro', access: 'full' });
  expect((await messages()).filter((title) => title.includes('moved'))).toEqual([
    'sofia@firm.com moved from free to pro.',
  ]);
  expect(logs.filter((line) => line.event === 'entitlement_change')).toMatchObject([
    { action: 'subscription_updated', msg: 'entitlement_change' },
  ]);
  expect(await database.knex('stripe_events')).toMatchObject([
    { status: 'done', delivery_count: 100, outcome: 'subscription_updated: version 1' },
  ]);
});

test('the payload is never believed: Stripe is asked', async () => {
  const { truth, receive, drain, show } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B', { status: 'canceled', endedAt: 1 });

  await receive(events.subscription('updated', subscription));
  await drain();

  expect((await show(sofia.email)).tier).toBe('free');
});

test('an old subscription that ends does not take a new one away', async () => {
  const { truth, receive, drain, show } = await billingWorld();
  const old = truth.subscribe(sofia.stripe, 'price_B', { status: 'canceled', endedAt: 1 });
  truth.subscribe(sofia.stripe, 'price_B');

  await receive(events.subscription('deleted', old));
  await drain();

  expect((await show(sofia.email)).tier).toBe('pro');
});

test('a late update after the end brings nothing back', async () => {
  const { truth, receive, drain, show } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  await receive(events.subscription('created', subscription));
  await drain();
  Object.assign(subscription, { status: 'canceled', endedAt: 1 });

  await receive(events.subscription('deleted', subscription));
  await drain();
  await receive(events.subscription('updated', subscription));
  await drain();

  expect((await show(sofia.email)).tier).toBe('free');
});

test('redelivered after twenty days an event has no second effect', async () => {
  const { truth, receive, drain, clock, database } = await billingWorld();
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  const event = events.invoice('paid', invoice, 'evt_paid');
  await receive(event);
  await drain();
  clock.advance(20 * 24 * HOUR_MS);

  await receive(event);
  await drain();

  expect(await database.knex('credit_entries')).toHaveLength(1);
  expect(await database.knex('entitlement_changes')).toHaveLength(1);
});

test('a worker that outlives its lease cannot commit what it fetched', async () => {
  const { truth, receive, deps, show, clock } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_A');
  await receive(events.subscription('updated', subscription));
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let isFirst = true;
  truth.onCall = async () => {
    if (!isFirst) return;
    isFirst = false;
    await held;
  };
  // The first worker read an old answer, and is held up until after its lease.
  const stale = {
    ...deps,
    stripe: {
      ...deps.stripe,
      listSubscriptions: async (customer: string) =>
        structuredClone([subscription]).concat(
          await truth.gateway.listSubscriptions(customer).then(() => []),
        ),
    },
  };
  const first = syncNext(stale);
  await new Promise((resolve) => setTimeout(resolve, 30));
  clock.advance(LEASE_MS + 1);
  const upgraded = subscription.items[0];
  if (upgraded) Object.assign(upgraded, { priceId: 'price_B', lookupKey: 'pro_monthly' });
  const second = await syncNext(deps);
  release();

  expect(second).toBe('synced');
  expect(await first).toBe('fenced');
  expect((await show(sofia.email)).tier).toBe('pro');
});

test('what changes during a fetch is fetched again', async () => {
  const { truth, receive, drain, show } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_A');
  await receive(events.subscription('updated', subscription));
  let isFirst = true;
  truth.onCall = async (name) => {
    if (name !== 'listSubscriptions' || !isFirst) return;
    isFirst = false;
    await receive(events.subscription('updated', subscription));
  };

  const passes = await drain();

  expect(passes).toHaveLength(2);
  expect((await show(sofia.email)).tier).toBe('starter');
});

test('Stripe down for hours: events wait, nothing is lost, and nobody is blamed', async () => {
  const { truth, receive, drain, show, clock, database } = await billingWorld();
  await receive(events.subscription('updated', truth.subscribe(sofia.stripe, 'price_B')));
  truth.onCall = stripeDown;
  for (let hour = 0; hour < 6; hour++) {
    await drain();
    clock.advance(HOUR_MS);
  }
  expect((await show(sofia.email)).tier).toBe('free');
  expect(await database.knex('stripe_events')).toMatchObject([
    { status: 'received', attempts: 0, away_attempts: 6 },
  ]);

  truth.onCall = () => {};
  await drain();

  expect((await show(sofia.email)).tier).toBe('pro');
});

test('three failures and then a success: four tries', async () => {
  const { truth, receive, drain, clock, database, show } = await billingWorld();
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice));
  let failures = 3;
  truth.onCall = (name) => {
    if (name === 'getInvoice' && failures-- > 0) throw new Error('unreadable');
  };
  for (let minute = 0; minute < 4; minute++) {
    await drain();
    clock.advance(60_000);
  }

  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'done', attempts: 4 }]);
  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
});

test('an event that fails for good is set aside, told of, and replayed by one command; a second death goes to on-call', async () => {
  const { truth, receive, drain, clock, database, messages, lucy, show } = await billingWorld();
  truth.subscribe(sofia.stripe, 'price_B');
  const broken = truth.payInvoice('sub_none', {
    stripeCustomerId: sofia.stripe,
    subscriptionId: null,
    billingReason: 'manual',
  });
  await receive(events.invoice('paid', broken, 'evt_poison'));
  truth.onCall = (name) => {
    if (name === 'getInvoice') throw new Error('unreadable');
  };
  const tryUntilDead = async () => {
    for (let tries = 0; tries < 10; tries++) {
      await drain();
      clock.advance(15 * 60_000);
    }
  };

  await tryUntilDead();
  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'dead', attempts: 8 }]);
  expect((await show(sofia.email)).tier).toBe('pro');
  expect(await messages('billing')).toContain(
    'Webhook event evt_poison (invoice.paid) failed 8 times and was set aside.',
  );

  expect((await lucy('webhook replay evt_poison --reason "mended" --yes')).code).toBe(0);
  await tryUntilDead();
  expect(await messages('oncall')).toContain(
    'Webhook event evt_poison (invoice.paid) failed again after its replay: billing engineering must look.',
  );

  truth.onCall = () => {};
  await lucy('webhook replay evt_poison --reason "mended" --yes');
  await drain();
  expect((await lucy('webhook show evt_poison --json')).json()).toMatchObject({ status: 'done' });
});

test('an unlinked customer’s event waits, is a finding, and is applied after the link', async () => {
  const { truth, receive, drain, show, database, messages, lucy } = await billingWorld({
    customers: [{ email: 'new@firm.com', stripe: 'cus_other' }],
  });
  await drain();
  const invoice = truth.payInvoice(truth.subscribe('cus_late', 'price_B').id);
  await receive({ ...events.invoice('paid', invoice, 'evt_early') });
  await drain();

  expect(await database.knex('stripe_events')).toMatchObject([{ id: 'evt_early', status: 'waiting' }]);
  expect(await messages('billing')).toEqual([
    'Stripe customer cus_late is not linked to any customer of ours; its events wait.',
  ]);
  expect(truth.calls.filter((call) => call === 'getInvoice')).toEqual([]);

  await lucy('customer add late@firm.com --stripe cus_late --reason "signed up" --yes');
  await drain();

  expect(await show('late@firm.com')).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'done' }]);
  expect(await database.knex('findings').where({ kind: 'unlinked_customer' })).toMatchObject([
    { state: 'closed' },
  ]);
});

test('an equal email links nobody; a client reference does', async () => {
  const { truth, receive, drain, show, database } = await billingWorld({
    customers: [{ email: 'sofia@firm.com', stripe: 'cus_first' }],
  });
  const [{ id }] = await database.knex('customers');
  const invoice = truth.payInvoice(truth.subscribe('cus_second', 'price_B').id);
  const withEmail = events.invoice('paid', invoice);
  await receive({
    ...withEmail,
    data: { object: { ...withEmail.data.object, customer_email: 'sofia@firm.com' } },
  });
  await drain();
  expect((await show('sofia@firm.com')).tier).toBe('free');

  const session = {
    id: 'cs_1',
    mode: 'subscription',
    paymentStatus: 'paid',
    stripeCustomerId: 'cus_second',
    clientReferenceId: id,
    paymentIntentId: null,
    invoiceId: invoice.id,
    currency: 'usd',
    amountTotal: 4900,
    createdAt: 1,
    lineItems: [],
  };
  truth.sessions.set('cs_1', session);
  await receive(events.session(session));
  await drain();

  expect(await show('sofia@firm.com')).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
  expect(await database.knex('customer_links').where({ stripe_customer_id: 'cus_second' })).toMatchObject([
    { proof: 'client_reference' },
  ]);
});

test('a customer deleted at Stripe loses the tier and keeps what was bought', async () => {
  const { truth, receive, drain, show } = await billingWorld();
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice));
  await drain();

  truth.deleted.add(sofia.stripe);
  await receive(events.subscription('deleted', { id: 'sub_1', customer: sofia.stripe }));
  await drain();

  expect(await show(sofia.email)).toMatchObject({
    tier: 'free',
    credits: { balance: 500 },
    findings: [{ kind: 'customer_deleted_at_stripe' }],
  });
});

test('what staff unlinked is not linked again by an event that still carries the old proof', async () => {
  const { truth, receive, drain, show, database, lucy } = await billingWorld({
    customers: [{ email: 'sofia@firm.com', stripe: 'cus_first' }],
  });
  const [{ id }] = await database.knex('customers');
  await lucy('customer unlink sofia@firm.com cus_first --reason "wrong customer" --yes');
  const session = {
    id: 'cs_1',
    mode: 'subscription',
    paymentStatus: 'paid',
    stripeCustomerId: 'cus_first',
    clientReferenceId: id,
    paymentIntentId: null,
    invoiceId: null,
    currency: 'usd',
    amountTotal: 0,
    createdAt: 1,
    lineItems: [],
  };
  truth.sessions.set('cs_1', session);
  truth.subscribe('cus_first', 'price_B');
  await receive(events.session(session));
  await drain();

  expect((await show('sofia@firm.com')).tier).toBe('free');
  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'waiting' }]);
});

test('two Stripe customers of one person: the highest tier counts, and the duplicate is told, whichever comes first', async () => {
  for (const order of [
    ['cus_a', 'cus_b'],
    ['cus_b', 'cus_a'],
  ]) {
    const { truth, receive, drain, show, lucy } = await billingWorld({
      customers: [{ email: 'two@firm.com', stripe: 'cus_a' }],
    });
    await lucy('customer link two@firm.com cus_b --reason "second account" --yes');
    const subscriptions = {
      cus_a: truth.subscribe('cus_a', 'price_A'),
      cus_b: truth.subscribe('cus_b', 'price_B'),
    };
    for (const stripe of order) {
      await receive(events.subscription('created', subscriptions[stripe as keyof typeof subscriptions]));
      await drain();
    }

    expect(await show('two@firm.com')).toMatchObject({
      tier: 'pro',
      findings: [{ kind: 'duplicate_subscription' }],
    });
  }
});

test('an event that failed once and is redelivered ends done, with its credits', async () => {
  const { truth, receive, drain, show, database } = await billingWorld();
  const event = events.invoice(
    'paid',
    truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id),
    'evt_once',
  );
  let failures = 1;
  truth.onCall = (name) => {
    if (name === 'getInvoice' && failures-- > 0) throw new Error('unreadable');
  };
  await receive(event);
  await drain();
  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'failed' }]);

  await receive(event);
  await drain();

  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'done', delivery_count: 2 }]);
  expect((await show(sofia.email)).credits.balance).toBe(500);
});
