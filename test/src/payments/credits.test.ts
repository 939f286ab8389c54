import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { events } from '#test/world/stripe-truth.ts';

const DAY_MS = 86_400_000;

async function withPaidPro() {
  const world = await billingWorld();
  const subscription = world.truth.subscribe(sofia.stripe, 'price_B');
  const invoice = world.truth.payInvoice(subscription.id);
  await world.receive(events.invoice('paid', invoice));
  await world.drain();
  return { ...world, subscription, invoice, intent: invoice.paymentIntentId ?? '' };
}

test.each([['paid first'], ['session first']])(
  'invoice.paid and checkout.session.completed for one payment grant once: %s',
  async (order) => {
    const { truth, receive, drain, show, messages } = await billingWorld();
    const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id, {
      billingReason: 'subscription_create',
    });
    const session = {
      id: 'cs_1',
      mode: 'subscription',
      paymentStatus: 'paid',
      stripeCustomerId: sofia.stripe,
      clientReferenceId: null,
      paymentIntentId: null,
      invoiceId: invoice.id,
      currency: 'usd',
      amountTotal: 4900,
      createdAt: 1,
      lineItems: [],
    };
    truth.sessions.set(session.id, session);
    const both = [events.invoice('paid', invoice), events.session(session)];

    for (const event of order === 'paid first' ? both : both.reverse()) {
      await receive(event);
      await drain();
    }

    expect((await show(sofia.email)).credits.balance).toBe(500);
    expect((await messages()).filter((title) => title.includes('moved'))).toHaveLength(1);
  },
);

test('a pack bought without a subscription brings its credits, keyed on the payment intent', async () => {
  const { truth, receive, drain, show, database, messages } = await billingWorld();
  const session = {
    id: 'cs_pack',
    mode: 'payment',
    paymentStatus: 'paid',
    stripeCustomerId: sofia.stripe,
    clientReferenceId: null,
    paymentIntentId: 'pi_pack',
    invoiceId: null,
    currency: 'usd',
    amountTotal: 1500,
    createdAt: 1,
    lineItems: [{ priceId: 'price_x', lookupKey: 'credits_pack_100', productId: null, quantity: 2 }],
  };
  truth.sessions.set(session.id, session);
  const event = { ...events.session(session), created: Math.floor(Date.UTC(2026, 10, 21, 9) / 1000) };

  await receive(event);
  await receive({ ...event, id: 'evt_twin' });
  await drain();

  expect((await show(sofia.email)).credits.balance).toBe(200);
  expect(await database.knex('credit_entries')).toMatchObject([
    { idempotency_key: 'pi:pi_pack:item1:grant' },
  ]);
  expect(await messages()).toContain('sofia@firm.com: 200 credits granted for pi_pack ($15.00).');
});

test('refunds settle to what is left paid, whoever made them and whatever event tells', async () => {
  const { truth, receive, drain, show, intent } = await withPaidPro();

  truth.refund(intent, 1_000);
  await receive(events.refund('created', intent, sofia.stripe));
  await drain();
  expect((await show(sofia.email)).credits.balance).toBe(398);

  truth.refund(intent, 1_450);
  await receive(events.refund('created', intent, null, 'evt_a'));
  await receive(events.refund('updated', intent, sofia.stripe, 'evt_b'));
  await drain();
  expect((await show(sofia.email)).credits).toMatchObject({ balance: 250, debt: 0 });
});

test('a pending refund takes nothing; a failed one gives back what was taken', async () => {
  const { truth, receive, drain, show, intent } = await withPaidPro();
  truth.refund(intent, 4_900, 'pending');
  await receive(events.refund('created', intent, sofia.stripe));
  await drain();
  expect((await show(sofia.email)).credits.balance).toBe(500);

  truth.refunds.set(intent, [{ amount: 4_900, status: 'succeeded' }]);
  await receive(events.refund('updated', intent, sofia.stripe));
  await drain();
  expect((await show(sofia.email)).credits.balance).toBe(0);

  truth.refunds.set(intent, [{ amount: 4_900, status: 'failed' }]);
  await receive(events.refund('failed', intent, sofia.stripe));
  await drain();
  expect(await show(sofia.email)).toMatchObject({
    credits: { balance: 500, debt: 0 },
    creditEvents: [{ type: 'reinstate', amount: 500 }, { type: 'reverse', amount: -500 }, { type: 'grant' }],
  });
});

test('refunded after it was spent: balance 0, the rest is debt and a finding', async () => {
  const { truth, receive, drain, show, lucy, intent, messages } = await withPaidPro();
  await lucy(`credits consume ${sofia.email} 400 --reason "used" --yes`);

  truth.refund(intent, 4_900);
  await receive(events.refund('created', intent, sofia.stripe));
  await drain();

  expect(await show(sofia.email)).toMatchObject({
    credits: { balance: 0, debt: 400 },
    findings: [{ kind: 'credits_debt' }],
  });
  expect((await messages('billing'))[0]).toContain('had spent 400 credits');

  truth.refunds.set(intent, []);
  await receive(events.refund('failed', intent, sofia.stripe));
  await drain();
  expect((await show(sofia.email)).credits).toMatchObject({ balance: 100, debt: 0 });
});

test('a refund takes only what its own payment brought', async () => {
  const { truth, receive, drain, show, lucy, intent } = await withPaidPro();
  await lucy(`credits grant ${sofia.email} 70 --reason "goodwill" --yes`);

  truth.refund(intent, 4_900);
  await receive(events.refund('created', intent, sofia.stripe));
  await drain();

  expect((await show(sofia.email)).credits).toMatchObject({ balance: 70, debt: 0 });
});

test('what staff took back is not taken a second time by a refund, and not given back when it fails', async () => {
  const { truth, receive, drain, show, lucy, database, intent } = await withPaidPro();
  const [grant] = await database.knex('credit_entries');
  await lucy(`credits reverse ${grant.id} --count 200 --reason "wrong plan" --yes`);
  expect((await show(sofia.email)).credits.balance).toBe(300);

  truth.refund(intent, 4_900);
  await receive(events.refund('created', intent, sofia.stripe));
  await drain();
  expect((await show(sofia.email)).credits).toMatchObject({ balance: 0, debt: 0 });

  truth.refunds.set(intent, []);
  await receive(events.refund('failed', intent, sofia.stripe));
  await drain();
  expect((await show(sofia.email)).credits).toMatchObject({ balance: 300, debt: 0 });
});

test('a refund told of before its payment converges all the same', async () => {
  const { truth, receive, drain, show } = await billingWorld();
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  truth.refund(invoice.paymentIntentId ?? '', 2_450);
  await receive(events.refund('created', invoice.paymentIntentId ?? '', sofia.stripe));
  await drain();
  await receive(events.invoice('paid', invoice));
  await drain();

  expect((await show(sofia.email)).credits.balance).toBe(250);
});

test('a voided invoice gives back everything it granted', async () => {
  const { truth, receive, drain, show, invoice } = await withPaidPro();
  truth.invoices.set(invoice.id, { ...invoice, status: 'void' });

  await receive(events.invoice('voided', invoice));
  await drain();

  expect((await show(sofia.email)).credits.balance).toBe(0);
});

test('an upgrade grants only the difference for the rest of the period; down and up again farms nothing', async () => {
  const { truth, receive, drain, show, clock } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_A');
  const [item] = subscription.items;
  const periodEnd = item?.periodEnd ?? 0;
  await receive(
    events.invoice('paid', truth.payInvoice(subscription.id, { billingReason: 'subscription_create' })),
  );
  await drain();
  expect((await show(sofia.email)).credits.balance).toBe(100);
  clock.advance(15 * DAY_MS);
  const line = (id: string, priceId: string, amount: number) => ({
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

  const upgrade = async (id: string) => {
    const invoice = truth.payInvoice(subscription.id, {
      id,
      billingReason: 'subscription_update',
      lines: [line(`${id}_old`, 'price_A', -500), line(`${id}_new`, 'price_B', 2_450)],
    });
    await receive(events.invoice('paid', invoice));
    await drain();
    return (await show(sofia.email)).credits.balance;
  };
  expect(await upgrade('in_up1')).toBe(300);
  expect(await upgrade('in_up2')).toBe(500);
  expect(await upgrade('in_up3')).toBe(500);
});

test('paid after the subscription had ended: no credits, a finding', async () => {
  const { truth, receive, drain, show, clock } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B', {
    status: 'canceled',
    endedAt: clock.now() - DAY_MS,
  });
  await receive(events.invoice('paid', truth.payInvoice(subscription.id)));
  await drain();

  expect(await show(sofia.email)).toMatchObject({
    tier: 'free',
    credits: { balance: 0 },
    findings: [{ kind: 'paid_after_cancel' }],
  });
});

test('a payment from before Lucy went live grants nothing: the old system already did', async () => {
  const { truth, receive, drain, show, deps } = await billingWorld();
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id, {
    paidAt: deps.creditsSince - 1,
  });

  await receive(events.invoice('paid', invoice));
  await drain();

  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', credits: { balance: 0 } });
});

test('an unpaid, an incomplete and an unmapped purchase grant nothing', async () => {
  const { truth, receive, drain, show } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B', { status: 'incomplete' });
  await receive(events.invoice('paid', truth.payInvoice(subscription.id, { status: 'open', paidAt: null })));
  await drain();
  expect(await show(sofia.email)).toMatchObject({ tier: 'free', credits: { balance: 0 } });

  subscription.status = 'active';
  if (subscription.items[0])
    Object.assign(subscription.items[0], { priceId: 'price_unknown', lookupKey: null });
  await receive(events.invoice('paid', truth.payInvoice(subscription.id)));
  await drain();
  expect(await show(sofia.email)).toMatchObject({
    tier: 'free',
    credits: { balance: 0 },
    findings: [{ kind: 'unmapped_price' }],
  });
});

test('credits that lapse at the end of their period lapse without any event', async () => {
  const settings = settingsSchema.parse({
    plans: [
      { lookup_key: 'pro_monthly', tier: 'pro', credits_per_period: 500, credits_expire: 'period_end' },
    ],
  });
  const { truth, receive, drain, show, clock } = await billingWorld({ settings });
  await receive(events.invoice('paid', truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id)));
  await drain();
  expect((await show(sofia.email)).credits.balance).toBe(500);

  clock.advance(30 * DAY_MS);
  await drain();

  expect(await show(sofia.email)).toMatchObject({
    credits: { balance: 0 },
    creditEvents: [{ type: 'expire', amount: -500 }, { type: 'grant' }],
  });
});

test('what lapsed before a refund was never used, so nobody owes it; what was spent before is owed', async () => {
  const settings = settingsSchema.parse({
    plans: [
      { lookup_key: 'pro_monthly', tier: 'pro', credits_per_period: 500, credits_expire: 'period_end' },
    ],
  });
  const { truth, receive, drain, show, lucy, clock } = await billingWorld({ settings });
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  const intent = invoice.paymentIntentId ?? '';
  await receive(events.invoice('paid', invoice));
  await drain();
  await lucy(`credits consume ${sofia.email} 120 --reason "used" --yes`);
  clock.advance(30 * DAY_MS);
  await drain();

  for (const amount of [2_450, 2_450]) {
    truth.refund(intent, amount);
    await receive(events.refund('created', intent, sofia.stripe));
    await drain();
  }

  expect((await show(sofia.email)).credits).toMatchObject({ balance: 0, debt: 120 });
  truth.refunds.set(intent, []);
  await receive(events.refund('failed', intent, sofia.stripe));
  await drain();
  expect((await show(sofia.email)).credits).toMatchObject({ balance: 0, debt: 0 });
});
