import { expect, test } from 'vitest';
import { readDispute } from '#src/gateways/stripe-disputes-read.ts';
import { readCharge } from '#src/gateways/stripe-read-charge.ts';
import { refundWorld } from '#test/world/refund-world.ts';

test('a charge says what was paid, with what, by whom, and how much went back', async () => {
  const { gateway, stripe, paid } = await refundWorld();
  const { id, payment_intent } = paid(4_900);
  stripe.world.refund(id, 1_000);
  stripe.world.refund(id, 500, { pending: true });

  expect(await gateway.getCharge(id)).toEqual({
    id,
    status: 'succeeded',
    stripeCustomerId: 'cus_sofia',
    paymentIntentId: payment_intent,
    invoiceId: null,
    currency: 'usd',
    amount: 4_900,
    amountCaptured: 4_900,
    amountRefunded: 1_500,
    isCaptured: true,
    isDisputed: false,
    createdAt: Date.UTC(2026, 10, 20, 9),
    description: '100 AI credits',
    paidWith: 'Visa ending in 4242',
  });
  expect(await gateway.getCharge('ch_none')).toBeNull();
});

test('the charges of a customer come newest first, failed ones too, and as many as asked for', async () => {
  const { gateway, stripe, paid } = await refundWorld();
  const old = paid(1_900, { daysAgo: 9 });
  const young = paid(4_900, { daysAgo: 2 });
  stripe.world.subscribe('cus_sofia', 'pro_monthly', { payNow: 'declined' });

  const listed = await gateway.listCharges('cus_sofia', 10);
  expect(listed.map((charge) => charge.status)).toEqual(['failed', 'succeeded', 'succeeded']);
  expect(listed.slice(1).map((charge) => charge.id)).toEqual([young.id, old.id]);
  expect(await gateway.listCharges('cus_sofia', 1)).toHaveLength(1);
  expect(await gateway.listCharges('cus_none', 10)).toEqual([]);
});

test('disputes of a charge come with their reason, their date, and whether a refund is still taken', async () => {
  const { gateway, stripe, paid } = await refundWorld();
  const { id } = paid(4_900);
  const inquiry = stripe.world.openDispute(id, { inquiry: true, dueInDays: 9, reason: 'general' });

  expect(await gateway.listDisputes(id)).toEqual([
    {
      id: inquiry.id,
      chargeId: id,
      paymentIntentId: inquiry.payment_intent,
      status: 'warning_needs_response',
      reason: 'general',
      currency: 'usd',
      amount: 4_900,
      createdAt: Date.UTC(2026, 10, 21, 9),
      dueBy: Date.UTC(2026, 10, 30, 9),
      isChargeRefundable: true,
      hasEvidence: false,
      submissionCount: 0,
      network: 'visa',
      caseType: 'inquiry',
      networkReasonCode: '10.4',
    },
  ]);
  expect(await gateway.getCharge(id)).toMatchObject({ isDisputed: true });
  expect(await gateway.listDisputes('ch_none')).toEqual([]);
});

test('what paid an invoice is found through its invoice payments; while it is open nothing did', async () => {
  const { gateway, stripe, subscribed } = await refundWorld();
  const { charge, invoice } = subscribed();
  const open = stripe.world.subscribe('cus_sofia', 'starter_monthly', { payNow: 'later' });

  expect(await gateway.listPaymentsOfInvoice(invoice)).toEqual([
    { paymentIntentId: charge.payment_intent, chargeId: null },
  ]);
  expect(await gateway.listPaymentsOfInvoice(open.latest_invoice ?? '')).toEqual([]);
  expect(await gateway.listPaymentsOfInvoice('in_none')).toEqual([]);
});

test('what is expanded, older, or not of a card is read all the same', () => {
  const card = readCharge({
    id: 'ch_1',
    status: 'succeeded',
    customer: { id: 'cus_1' },
    payment_intent: { id: 'pi_1' },
    invoice: 'in_1',
    currency: 'eur',
    amount: 100,
    amount_refunded: 0,
    captured: true,
    created: 1,
    payment_method_details: { type: 'card', card: { brand: 'american_express', last4: '0005' } },
  });
  expect(card).toMatchObject({
    stripeCustomerId: 'cus_1',
    paymentIntentId: 'pi_1',
    invoiceId: 'in_1',
    amountCaptured: 100,
    paidWith: 'American Express ending in 0005',
  });
  const held = readCharge({ id: 'ch_2', amount: 100, captured: false, currency: 'eur' });
  expect(held).toMatchObject({ isCaptured: false, amountCaptured: 0, paidWith: null });
  const debit = readCharge({ id: 'py_1', payment_method_details: { type: 'sepa_debit' } });
  expect(debit).toMatchObject({ paidWith: 'sepa debit' });
});

test('a dispute that takes no answer has no date: Stripe writes 0 there', () => {
  const raw = { id: 'dp_1', status: 'lost', amount: 100, evidence_details: { due_by: 0 } };

  expect(readDispute(raw)).toMatchObject({ dueBy: null, isChargeRefundable: false, reason: 'general' });
});
