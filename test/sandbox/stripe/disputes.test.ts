import { expect, test } from 'vitest';
import { failureOf, start, startStripe } from './start.ts';

async function charged() {
  const started = await startStripe();
  const { id } = started.world.createCustomer({ email: 'accounts@disputed.example', name: 'Disputed Inc' });
  started.world.subscribe(id, 'starter_monthly');
  const charge = started.world.lastPaidChargeOf(id)?.id ?? '';
  const before = started.stripe.events.length;
  return { ...started, charge, since: () => started.stripe.events.slice(before).map(({ type }) => type) };
}

test('a dispute takes the money at once; lost, it stays away', async () => {
  const { sdk, stripe, world, charge, since } = await charged();
  const { id } = world.openDispute(charge, { dueInDays: 7 });
  expect(await sdk.disputes.retrieve(id)).toMatchObject({
    amount: 1_900,
    balance_transactions: [{ amount: -1_900, fee: 1_500, net: -3_400 }],
    evidence_details: { due_by: start + 7 * 86_400, submission_count: 0 },
    is_charge_refundable: false,
    status: 'needs_response',
  });
  expect((await sdk.charges.retrieve(charge)).disputed).toBe(true);
  world.closeDispute(id, 'lost');
  expect(stripe.lastEvent().data.previous_attributes).toEqual({ status: 'needs_response' });
  expect(since()).toEqual([
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.closed',
  ]);
  expect((await sdk.disputes.list({ charge })).data[0]?.status).toBe('lost');
});

test('won, it comes back', async () => {
  const { world, charge, since } = await charged();
  const dispute = world.openDispute(charge);
  world.closeDispute(dispute.id, 'won');
  expect(dispute.balance_transactions.map(({ amount }) => amount)).toEqual([-1_900, 1_900]);
  expect(since().slice(2)).toEqual(['charge.dispute.funds_reinstated', 'charge.dispute.closed']);
});

test('an inquiry moves no money', async () => {
  const { world, charge, since } = await charged();
  const dispute = world.openDispute(charge, { inquiry: true });
  expect(dispute).toMatchObject({
    balance_transactions: [],
    is_charge_refundable: true,
    status: 'warning_needs_response',
  });
  world.closeDispute(dispute.id, 'warning_closed');
  expect(since()).toEqual(['charge.dispute.created', 'charge.dispute.closed']);
});

test('evidence is staged or sent; sending is what happens unless told otherwise', async () => {
  const { sdk, stripe, world, charge } = await charged();
  const { id } = world.openDispute(charge);
  const staged = await sdk.disputes.update(id, {
    evidence: { product_description: 'Starter' },
    submit: false,
  });
  expect(staged).toMatchObject({
    evidence_details: { has_evidence: true, submission_count: 0 },
    status: 'needs_response',
  });
  const sent = await sdk.disputes.update(id, { evidence: { uncategorized_text: 'She used it.' } });
  expect(sent).toMatchObject({ evidence_details: { submission_count: 1 }, status: 'under_review' });
  expect(stripe.lastEvent('charge.dispute.updated').data.previous_attributes).toMatchObject({
    evidence: { uncategorized_text: null },
    status: 'needs_response',
  });
  const noted = await sdk.disputes.update(id, { metadata: { case: '7' } });
  expect(noted.evidence_details.submission_count).toBe(1);
});

test('accepting loses it for good', async () => {
  const { sdk, world, charge } = await charged();
  const { id } = world.openDispute(charge);
  expect((await sdk.disputes.close(id)).status).toBe('lost');
  expect((await failureOf(sdk.disputes.close(id))).message).toBe('This dispute is already closed');
});

test('an early fraud warning is actionable until someone disputes', async () => {
  const { sdk, world, charge } = await charged();
  world.warnOfFraud(charge);
  const actionable = async () => (await sdk.radar.earlyFraudWarnings.list({ charge })).data[0]?.actionable;
  expect(await actionable()).toBe(true);
  world.openDispute(charge);
  expect(await actionable()).toBe(false);
});

test('texts and files together must be within the pages that the card’s network takes', async () => {
  const { sdk, world, charge } = await charged();
  const dispute = world.openDispute(charge);
  const evidence = {
    access_activity_log: 'x'.repeat(20_000),
    product_description: 'x'.repeat(20_000),
    refund_policy_disclosure: 'x'.repeat(20_000),
  };
  await sdk.disputes.update(dispute.id, { evidence, submit: false });
  dispute.payment_method_details.card.network = 'mastercard';

  const failure = await failureOf(sdk.disputes.update(dispute.id, { evidence, submit: false }));

  expect(failure).toMatchObject({ code: 'dispute_evidence_page_limit_exceeded' });
});

test('a full refund resolves an inquiry: the bank closes it a while later, unless the money went or came back', async () => {
  const { sdk, stripe, world } = await startStripe({ inquiryClosesAfterMs: 30 });
  const customer = world.createCustomer({ email: 'accounts@disputed.example', name: 'Disputed Inc' });
  const inquired = () => {
    world.subscribe(customer.id, 'starter_monthly');
    const charge = world.lastPaidChargeOf(customer.id)?.id ?? '';
    return { charge, id: world.openDispute(charge, { inquiry: true }).id };
  };
  const [whole, half, failed, formal] = [inquired(), inquired(), inquired(), inquired()];
  world.refund(half.charge, 100);
  world.failRefund(world.refund(failed.charge).id);
  world.refund(formal.charge);
  world.escalateInquiry(formal.id);
  world.refund(whole.charge);

  await expect.poll(async () => (await sdk.disputes.retrieve(whole.id)).status).toBe('warning_closed');

  expect(stripe.lastEvent()).toMatchObject({
    type: 'charge.dispute.closed',
    data: { object: { id: whole.id } },
  });
  const statuses = [half, failed, formal].map(({ id }) => world.tables.disputes.get(id)?.status);
  expect(statuses).toEqual(['warning_needs_response', 'warning_needs_response', 'needs_response']);
});
