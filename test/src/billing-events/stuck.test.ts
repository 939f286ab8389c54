import { expect, test } from 'vitest';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { events, stripeDown } from '#test/world/stripe-truth.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

test('an event that backs off is not forgotten when a later one succeeds', async () => {
  const { truth, receive, drain, clock, database } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  await receive(events.subscription('created', subscription));
  truth.onCall = stripeDown;
  await drain();
  truth.onCall = () => {};
  await receive(events.subscription('updated', subscription));

  for (let second = 0; second < 120; second++) {
    await drain();
    clock.advance(SECOND_MS);
  }

  expect(new Set((await database.knex('stripe_events')).map((row) => row.status))).toEqual(new Set(['done']));
});

test('polled every second, a failing event is tried until it is dead, and somebody is told', async () => {
  const { truth, receive, drain, clock, database, messages } = await billingWorld();
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice, 'evt_poison'));
  truth.onCall = (name) => {
    if (name === 'getInvoice') throw new Error('unreadable');
  };

  for (let look = 0; look < 300; look++) {
    await drain();
    clock.advance(5 * SECOND_MS);
  }

  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'dead', attempts: 8 }]);
  expect(await messages('billing')).toContain(
    'Webhook event evt_poison (invoice.paid) failed 8 times and was set aside.',
  );
}, 40_000);

test('an unreadable invoice does not hold up the tier', async () => {
  const { truth, receive, drain, clock, show } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  truth.payInvoice(subscription.id);
  truth.onCall = (name) => {
    if (name === 'getInvoice') throw new Error('unreadable');
  };
  await receive(events.subscription('updated', subscription));
  await drain();
  clock.advance(SECOND_MS);

  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', findings: [{ kind: 'payment_unreadable' }] });
});

test('more events than one pass takes are all done', async () => {
  const { truth, receive, drain, database, lucy } = await billingWorld({
    customers: [{ email: 'new@firm.com', stripe: 'cus_other' }],
  });
  const subscription = truth.subscribe('cus_late', 'price_B');
  for (let count = 0; count < 250; count++)
    await receive(events.subscription('updated', subscription, `evt_${count}`));
  await drain();
  await lucy('customer link new@firm.com cus_late --reason "it is theirs" --yes');
  await drain();

  expect(await database.knex('stripe_events').whereNot({ status: 'done' })).toEqual([]);
});

test('a second Stripe customer of the same person does not end the grace of the first', async () => {
  const { truth, receive, drain, show, lucy } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  await receive(events.subscription('created', subscription));
  await drain();
  truth.payInvoice(subscription.id, { status: 'open', paidAt: null });
  subscription.status = 'past_due';
  await receive(events.subscription('updated', subscription));
  await drain();
  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', access: 'grace' });

  await lucy(`customer link ${sofia.email} cus_second --reason "second account" --yes`);
  await receive(
    events.subscription(
      'updated',
      truth.subscribe('cus_second', 'price_A', { status: 'canceled', endedAt: 1 }),
    ),
  );
  await drain();

  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', access: 'grace' });
});

test('switching between monthly and yearly again and again farms nothing', async () => {
  const { truth, receive, drain, show, clock } = await billingWorld();
  truth.prices.set('price_Y', 'pro_yearly');
  const subscription = truth.subscribe(sofia.stripe, 'price_A');
  await receive(
    events.invoice('paid', truth.payInvoice(subscription.id, { billingReason: 'subscription_create' })),
  );
  await drain();
  const balances: number[] = [];
  for (let round = 0; round < 3; round++) {
    for (const [from, to, days] of [
      ['price_A', 'price_Y', 365],
      ['price_Y', 'price_A', 30],
    ] as const) {
      clock.advance(DAY_MS);
      const [item] = subscription.items;
      const oldEnd = item?.periodEnd ?? 0;
      const end = clock.now() + days * DAY_MS;
      Object.assign(item ?? {}, {
        priceId: to,
        lookupKey: truth.prices.get(to),
        periodStart: clock.now(),
        periodEnd: end,
      });
      const line = (id: string, priceId: string, amount: number, periodEnd: number) => ({
        id,
        priceId,
        lookupKey: null,
        productId: null,
        quantity: 1,
        amount,
        isProration: true,
        subscriptionId: subscription.id,
        periodStart: clock.now(),
        periodEnd,
      });
      const id = `in_${round}_${to}`;
      await receive(
        events.invoice(
          'paid',
          truth.payInvoice(subscription.id, {
            id,
            billingReason: 'subscription_update',
            lines: [line(`${id}a`, from, -100, oldEnd), line(`${id}b`, to, 100, end)],
          }),
        ),
      );
      await drain();
    }
    balances.push((await show(sofia.email)).credits.balance);
  }

  expect(balances[2]).toBeLessThanOrEqual(6_100);
  expect(balances[2]).toBe(balances[0]);
});

test('a payment booked for one customer stays theirs after the Stripe customer was linked to another', async () => {
  const { truth, receive, drain, show, lucy } = await billingWorld({
    customers: [sofia, { email: 'right@firm.com', stripe: 'cus_right' }],
  });
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice));
  await drain();
  await lucy(`customer unlink ${sofia.email} ${sofia.stripe} --reason "wrong customer" --yes`);
  await lucy(`customer link right@firm.com ${sofia.stripe} --reason "right customer" --yes`);
  truth.refund(invoice.paymentIntentId ?? '', 4_900);
  await receive(events.refund('created', invoice.paymentIntentId ?? '', sofia.stripe));
  await drain();

  expect((await show(sofia.email)).credits).toMatchObject({ balance: 0, debt: 0 });
  expect((await show('right@firm.com')).credits).toMatchObject({ balance: 0, debt: 0 });
});

test('what staff take back after a refund is not given back by the refund’s next event', async () => {
  const { truth, receive, drain, show, lucy, database } = await billingWorld();
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice));
  await drain();
  truth.refund(invoice.paymentIntentId ?? '', 2_450);
  await receive(events.refund('created', invoice.paymentIntentId ?? '', sofia.stripe));
  await drain();
  const [grant] = await database.knex('credit_entries').where({ type: 'grant' });
  await lucy(`credits reverse ${grant.id} --reason "abuse" --yes`);
  expect((await show(sofia.email)).credits.balance).toBe(0);

  await receive(events.refund('updated', invoice.paymentIntentId ?? '', sofia.stripe));
  await drain();

  expect((await show(sofia.email)).credits).toMatchObject({ balance: 0, debt: 0 });
});

test('a long outage of Stripe uses up none of the tries of a defect that shows after it', async () => {
  const { truth, receive, deps, clock, database } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  await receive(events.subscription('updated', subscription));
  truth.onCall = stripeDown;
  for (let tries = 0; tries < 20; tries++) {
    await syncNext(deps);
    clock.advance(3_600_000);
  }
  expect(await database.knex('stripe_events')).toMatchObject([
    { status: 'received', attempts: 0, away_attempts: 20 },
  ]);

  truth.onCall = () => {
    throw new Error('Stripe answered something unheard of');
  };
  await syncNext(deps);
  expect(await database.knex('stripe_events')).toMatchObject([{ status: 'failed', attempts: 1 }]);
});

test('a replay and a tier reset do not wait for the back-off of the last outage', async () => {
  for (const line of [
    'webhook replay evt_created --reason "Stripe is back" --yes',
    `tier reset ${sofia.email} --reason "Stripe is back" --yes`,
  ]) {
    const { truth, receive, drain, lucy, show } = await billingWorld();
    await receive(events.subscription('created', truth.subscribe(sofia.stripe, 'price_B'), 'evt_created'));
    truth.onCall = stripeDown;
    await drain();
    truth.onCall = () => {};

    const typed = await lucy(line);
    await drain();

    expect(typed.code, typed.err).toBe(0);
    expect((await show(sofia.email)).tier, line).toBe('pro');
  }
});
