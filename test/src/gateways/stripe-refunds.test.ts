import { expect, onTestFinished, test } from 'vitest';
import type { FaultKind } from '#sandbox/stripe/http/faults.ts';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { StripeAway, StripeRefused, StripeSaidNo } from '#src/gateways/stripe-errors.ts';

/** Sofia’s payment of $49.00, and Lucy’s door to change it, with the real SDK. */
async function withCharge() {
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: 'whsec_x',
    webhookUrl: () => 'http://127.0.0.1:9',
    autoDeliver: false,
  });
  onTestFinished(() => stripe.close());
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const customer = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
  const subscription = stripe.world.subscribe(customer.id, 'pro_monthly');
  const chargeId = stripe.world.lastPaidChargeOf(customer.id)?.id ?? '';
  const refund = (idempotencyKey = 'lucy:run_1:1:1', amount = 1_000) =>
    gateway.createRefund({
      chargeId,
      amount,
      reason: 'duplicate',
      metadata: { lucy_effect: 'eff_1' },
      idempotencyKey,
    });
  const posts = () => stripe.requests.filter(({ method }) => method !== 'GET');
  return { stripe, gateway, chargeId, subscription, refund, posts };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

test('a refund carries amount, reason, our metadata and our key, and reads back the same', async () => {
  const { gateway, chargeId, refund, posts, stripe } = await withCharge();

  const made = await refund();

  expect(made).toMatchObject({
    chargeId,
    amount: 1_000,
    currency: 'usd',
    status: 'succeeded',
    failureReason: null,
    pendingReason: null,
    metadata: { lucy_effect: 'eff_1' },
  });
  expect(posts()).toMatchObject([
    { idempotencyKey: 'lucy:run_1:1:1', params: { amount: '1000', charge: chargeId, reason: 'duplicate' } },
  ]);
  expect(await gateway.getRefund(made.id)).toEqual(made);
  expect(await gateway.getRefund('re_none')).toBeNull();
  stripe.world.failRefund(made.id, 'declined');
  expect(await gateway.listRefunds(chargeId)).toMatchObject([
    { id: made.id, status: 'failed', failureReason: 'declined' },
  ]);
  expect(await gateway.listRefunds('ch_none')).toEqual([]);
});

test('more refunds than a page holds are all listed', async () => {
  const { gateway, chargeId, stripe } = await withCharge();
  for (let count = 0; count < 130; count++) stripe.world.refund(chargeId, 1);

  expect(await gateway.listRefunds(chargeId)).toHaveLength(130);
});

test.each<[FaultKind, string, number]>([
  ['rate_limited', 'not_done', 0],
  ['timeout', 'unknown', 0],
  ['refuse', 'unknown', 0],
  ['http_500', 'server_error', 0],
  ['saved_500', 'server_error', 0],
  ['apply_then_timeout', 'unknown', 1],
])('%s: exactly one request, and the outcome is “%s”', async (kind, outcome, refunds) => {
  const { stripe, refund, posts } = await withCharge();
  stripe.faults.add({ kind, method: 'POST', times: 9 });

  const error = await failure(refund());

  expect(error).toBeInstanceOf(StripeAway);
  expect(error).toMatchObject({ outcome });
  expect(posts()).toHaveLength(1);
  expect(stripe.world.tables.refunds.size()).toBe(refunds);
});

test('nobody there: it was certainly not done', async () => {
  const { stripe, refund } = await withCharge();
  await stripe.close();

  expect(await failure(refund())).toMatchObject({ name: 'StripeAway', outcome: 'not_done' });
});

test('an error that Stripe keeps under the key is told from a passing one', async () => {
  const { stripe, refund } = await withCharge();
  stripe.faults.add({ kind: 'saved_500', method: 'POST' });

  expect(await failure(refund())).toMatchObject({ outcome: 'server_error' });
  expect(await failure(refund())).toMatchObject({ outcome: 'kept_error' });
  expect((await refund('lucy:run_1:1:2')).status).toBe('succeeded');
});

test('a key that another request uses at this moment, and one used for other words: nobody knows', async () => {
  const { stripe, refund } = await withCharge();
  stripe.faults.add({ kind: 'apply_late', method: 'POST', delayMs: 100 });

  expect(await failure(refund())).toMatchObject({ outcome: 'unknown' });
  expect(await failure(refund())).toMatchObject({ outcome: 'unknown' });
  await expect.poll(() => stripe.world.tables.refunds.size()).toBe(1);
  expect(await failure(refund('lucy:run_1:1:1', 2_000))).toMatchObject({
    name: 'StripeAway',
    outcome: 'unknown',
  });
  expect((await refund()).amount).toBe(1_000);
  expect(stripe.world.tables.refunds.size()).toBe(1);
});

test('a refusal is for good and keeps Stripe’s code; a wrong key is a person’s to mend', async () => {
  const { stripe, chargeId, refund } = await withCharge();

  expect(await failure(refund('k1', 9_999))).toMatchObject({ name: 'StripeSaidNo', code: null });
  stripe.world.refund(chargeId);
  const no = await failure(refund('k2'));
  expect(no).toBeInstanceOf(StripeSaidNo);
  expect(no).toMatchObject({ code: 'charge_already_refunded' });
  const stranger = createStripeGateway({ secretKey: 'sk_test_wrong', apiBase: stripe.url });
  const asked = stranger.cancelSubscription({ subscriptionId: 'sub_1', at: 'now', idempotencyKey: 'k3' });
  expect(await failure(asked)).toBeInstanceOf(StripeRefused);
});

test('a subscription ends with its period, or at once', async () => {
  const { gateway, subscription, posts } = await withCharge();
  const subscriptionId = subscription.id;

  const ending = await gateway.cancelSubscription({ subscriptionId, at: 'period_end', idempotencyKey: 'k1' });
  expect(ending).toMatchObject({ status: 'active', cancelAt: ending.items[0]?.periodEnd });
  expect(await gateway.getSubscription(subscriptionId)).toEqual(ending);

  const ended = await gateway.cancelSubscription({ subscriptionId, at: 'now', idempotencyKey: 'k2' });
  expect(ended).toMatchObject({ status: 'canceled', endedAt: expect.any(Number) });
  expect(posts().map(({ idempotencyKey }) => idempotencyKey)).toEqual(['k1', null]);
  expect(await gateway.getSubscription('sub_none')).toBeNull();
});
