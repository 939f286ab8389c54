import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { failureOf, startStripe } from './start.ts';

async function charged() {
  const started = await startStripe();
  const { id } = started.world.createCustomer({ email: 'sofia@firm.com' });
  started.world.subscribe(id, 'pro_monthly');
  const charge = started.world.lastPaidChargeOf(id);
  if (!charge?.payment_intent) throw new Error('Sofia should have paid.');
  return { ...started, charge: charge.id, intent: charge.payment_intent };
}

test('a partial refund, by payment intent, then the rest', async () => {
  const { sdk, stripe, charge, intent } = await charged();
  const half = await sdk.refunds.create({
    payment_intent: intent,
    amount: 2_450,
    reason: 'requested_by_customer',
    metadata: { ticket: 'ZD-812' },
  });
  expect(half).toMatchObject({ amount: 2_450, charge, metadata: { ticket: 'ZD-812' }, status: 'succeeded' });
  expect(await sdk.charges.retrieve(charge)).toMatchObject({ amount_refunded: 2_450, refunded: false });
  expect(stripe.lastEvent('charge.refunded').data.previous_attributes).toEqual({ amount_refunded: 0 });
  const rest = await sdk.refunds.create({ charge });
  expect(rest.amount).toBe(2_450);
  expect(await sdk.charges.retrieve(charge)).toMatchObject({ amount_refunded: 4_900, refunded: true });
  const byIntent = await sdk.refunds.list({ payment_intent: intent });
  const byCharge = await sdk.refunds.list({ charge });
  expect(byIntent.data.map(({ id }) => id)).toEqual([rest.id, half.id]);
  expect(byCharge.data).toHaveLength(2);
});

test('Stripe refuses what cannot be refunded', async () => {
  const { sdk, world, charge, intent } = await charged();
  const refuse = async (params: Stripe.RefundCreateParams) => failureOf(sdk.refunds.create(params));
  expect((await refuse({})).message).toContain('One of the following params should be provided');
  expect((await refuse({ charge, payment_intent: intent })).message).toContain(
    'You may only specify one of these',
  );
  expect((await refuse({ charge: 'ch_none' })).code).toBe('resource_missing');
  expect((await refuse({ charge, amount: 5_000 })).message).toBe(
    'Refund amount ($50.00) is greater than charge amount ($49.00)',
  );
  world.refund(charge, 900);
  expect((await refuse({ charge, amount: 4_900 })).message).toBe(
    'Refund amount ($49.00) is greater than unrefunded amount on charge ($40.00)',
  );
  const reason = 'expired_uncaptured_charge' as 'duplicate';
  expect((await refuse({ charge, reason })).message).toContain('Invalid reason: must be one of duplicate');
  world.refund(charge);
  const done = await refuse({ charge });
  expect(done).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
  expect(done).toMatchObject({ code: 'charge_already_refunded', statusCode: 400 });
});

test('a disputed charge cannot be refunded; an inquiry and a won dispute can', async () => {
  const { sdk, world, charge } = await charged();
  const inquiry = world.openDispute(charge, { inquiry: true });
  await sdk.refunds.create({ charge, amount: 100 });
  world.escalateInquiry(inquiry.id);
  expect((await failureOf(sdk.refunds.create({ charge, amount: 100 }))).code).toBe('charge_disputed');
  world.closeDispute(inquiry.id, 'won');
  expect((await sdk.refunds.create({ charge, amount: 100 })).status).toBe('succeeded');
});

test('a refund can be pending, settle, or fail later and give the money back', async () => {
  const { sdk, stripe, world, charge } = await charged();
  const pending = world.refund(charge, 1_000, { pending: true });
  expect((await sdk.refunds.retrieve(pending.id)).status).toBe('pending');
  world.settleRefund(pending.id);
  expect((await sdk.refunds.retrieve(pending.id)).status).toBe('succeeded');

  const before = stripe.events.length;
  const failed = world.refund(charge, 2_000, { fail: true });
  expect(stripe.events.slice(before).map(({ type }) => type)).toEqual([
    'refund.created',
    'charge.refunded',
    'refund.updated',
    'charge.refund.updated',
    'refund.failed',
  ]);
  expect(await sdk.refunds.retrieve(failed.id)).toMatchObject({
    failure_reason: 'expired_or_canceled_card',
    status: 'failed',
  });
  expect((await sdk.charges.retrieve(charge)).amount_refunded).toBe(1_000);
});

test('only the metadata of a refund can be changed', async () => {
  const { sdk, world, charge } = await charged();
  const { id } = world.refund(charge, 100);
  expect((await sdk.refunds.update(id, { metadata: { run: '1' } })).metadata).toEqual({ run: '1' });
  const failure = await failureOf(sdk.refunds.update(id, { amount: 5 } as Stripe.RefundUpdateParams));
  expect(failure.code).toBe('parameter_unknown');
});

test('while the bank takes its time, refunds that the API is asked for stay pending and count as refunded', async () => {
  const { sdk, world, charge } = await charged();
  world.holdRefunds(true);
  const made = await sdk.refunds.create({ charge, amount: 1_000 });
  expect(made).toMatchObject({ status: 'pending', pending_reason: 'processing' });
  expect(await sdk.charges.retrieve(charge)).toMatchObject({ amount_refunded: 1_000 });
  world.failRefund(made.id);
  expect(await sdk.charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false });
  world.holdRefunds(false);
  expect((await sdk.refunds.create({ charge })).status).toBe('succeeded');
});
