import { expect, test } from 'vitest';
import { day, sofiaOn } from './sofia.ts';
import { failureOf, start } from './start.ts';

test('a new subscription is active, invoiced and paid', async () => {
  const { stripe, sdk, id } = await sofiaOn();
  const subscription = await sdk.subscriptions.retrieve(id);
  expect(subscription).toMatchObject({
    items: { data: [{ current_period_start: start, current_period_end: 1_797_845_400 }] },
    latest_invoice: expect.stringMatching(/^in_1/),
    status: 'active',
  });
  expect(subscription).not.toHaveProperty('current_period_end');
  expect(stripe.events.map((event) => event.type)).toMatchInlineSnapshot(`
    [
      "customer.created",
      "payment_method.attached",
      "customer.updated",
      "invoice.created",
      "customer.subscription.created",
      "invoice.finalized",
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "invoice_payment.paid",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
    ]
  `);
});

test('a renewal moves the period, invoices the next one and pays it', async () => {
  const { sdk, world, clock, id, since, previous } = await sofiaOn();
  clock.advance(30 * day);
  const invoice = world.renew(id);
  const { data } = await sdk.invoices.list({ subscription: id });
  expect(data.map(({ billing_reason, status }) => [billing_reason, status])).toEqual([
    ['subscription_cycle', 'paid'],
    ['subscription_create', 'paid'],
  ]);
  expect(data[0]).toMatchObject({
    lines: {
      data: [
        {
          amount: 4_900,
          parent: { subscription_item_details: { proration: false } },
          period: { start: 1_797_845_400 },
        },
      ],
    },
    period_start: start,
  });
  expect(previous()).toMatchObject({
    items: { data: [{ current_period_start: start }] },
    latest_invoice: expect.not.stringMatching(invoice?.id ?? ''),
  });
  expect(since()).toMatchInlineSnapshot(`
    [
      "invoice.created",
      "customer.subscription.updated",
      "invoice.finalized",
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "invoice_payment.paid",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
    ]
  `);
});

test('a declined renewal is past due, is tried again, and can be paid late', async () => {
  const { sdk, world, clock, customer, id, since } = await sofiaOn();
  const invoice = world.renew(id, { payment: 'declined' });
  expect((await sdk.subscriptions.retrieve(id)).status).toBe('past_due');
  expect(await sdk.invoices.retrieve(invoice?.id ?? '')).toMatchObject({
    amount_remaining: 4_900,
    attempt_count: 1,
    next_payment_attempt: start + 3 * day,
    status: 'open',
  });
  const intent = await sdk.paymentIntents.retrieve(
    world.paymentIntentOf(world.invoice(invoice?.id ?? ''))?.id ?? '',
  );
  expect(intent).toMatchObject({
    last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' },
    status: 'requires_payment_method',
  });
  expect(since()).toMatchInlineSnapshot(`
    [
      "invoice.created",
      "customer.subscription.updated",
      "invoice.finalized",
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
      "invoice.updated",
      "invoice.payment_failed",
      "customer.updated",
      "customer.subscription.updated",
    ]
  `);

  clock.advance(3 * day);
  world.failInvoice(invoice?.id ?? '');
  expect(world.invoice(invoice?.id ?? '').attempt_count).toBe(2);
  world.payInvoice(invoice?.id ?? '');
  expect(world.subscription(id).status).toBe('active');
  expect(world.customer(customer.id).delinquent).toBe(false);
});

test.for([
  ['cancel', 'canceled'],
  ['unpaid', 'unpaid'],
  ['leave_past_due', 'past_due'],
] as const)('after the last try Stripe does as the settings say: %s', async ([outcome, status]) => {
  const { world, id } = await sofiaOn();
  const invoice = world.renew(id, { payment: 'declined' });
  world.giveUp(id, outcome);
  expect(world.subscription(id).status).toBe(status);
  expect(world.invoice(invoice?.id ?? '').next_payment_attempt).toBeNull();
});

test('cancelling at the end, taking it back, and the end', async () => {
  const { sdk, world, id, previous } = await sofiaOn();
  await sdk.subscriptions.update(id, { cancel_at_period_end: true });
  expect(previous()).toEqual({
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { reason: null },
  });
  expect((await sdk.subscriptions.update(id, { cancel_at_period_end: false })).cancel_at).toBeNull();
  world.cancelAtPeriodEnd(id);
  expect(world.renew(id)).toBeNull();
  expect(world.subscription(id)).toMatchObject({ ended_at: start, status: 'canceled' });
});

test('what is cancelled is listed only when asked for, and cannot come back', async () => {
  const { sdk, customer, id, since } = await sofiaOn();
  const ended = await sdk.subscriptions.cancel(id, {
    cancellation_details: { comment: 'Too dear', feedback: 'too_expensive' },
  });
  expect(ended).toMatchObject({
    cancellation_details: {
      comment: 'Too dear',
      feedback: 'too_expensive',
      reason: 'cancellation_requested',
    },
    status: 'canceled',
  });
  expect(since()).toEqual(['customer.subscription.deleted']);
  const list = async (status?: 'all' | 'canceled' | 'ended') =>
    (await sdk.subscriptions.list({ customer: customer.id, ...(status ? { status } : {}) })).data.length;
  expect([await list(), await list('all'), await list('canceled'), await list('ended')]).toEqual([
    0, 1, 1, 1,
  ]);
  expect((await failureOf(sdk.subscriptions.cancel(id))).code).toBe('resource_missing');
  const revive = await failureOf(sdk.subscriptions.update(id, { cancel_at_period_end: false }));
  expect(revive.message).toContain('A canceled subscription can only update');
  expect((await sdk.subscriptions.update(id, { metadata: { why: 'left' } })).metadata).toEqual({
    why: 'left',
  });
});
