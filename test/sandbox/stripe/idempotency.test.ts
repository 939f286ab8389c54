import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { failureOf, startStripe } from './start.ts';

async function charged() {
  const started = await startStripe();
  const { id } = started.world.createCustomer({ email: 'sofia@firm.com' });
  started.world.subscribe(id, 'pro_monthly');
  return { ...started, charge: started.world.lastPaidChargeOf(id)?.id ?? '' };
}

test('the same key and the same words: one refund, the same answer, marked as replayed', async () => {
  const { sdk, world, charge } = await charged();
  const options = { idempotencyKey: 'lucy:run:1' };
  const first = await sdk.refunds.create({ charge, amount: 100 }, options);
  const second = await sdk.refunds.create({ charge, amount: 100 }, options);
  expect(second.id).toBe(first.id);
  expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
  expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
  expect(world.tables.refunds.size()).toBe(1);
});

test('the same key for something else is an idempotency_error', async () => {
  const { sdk, charge } = await charged();
  const options = { idempotencyKey: 'lucy:run:1' };
  await sdk.refunds.create({ charge, amount: 100 }, options);
  const failure = await failureOf(sdk.refunds.create({ charge, amount: 200 }, options));
  expect(failure).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  expect(failure.statusCode).toBe(400);
  const elsewhere = await failureOf(sdk.customers.create({ name: 'x' }, options));
  expect(elsewhere.message).toContain('for the same endpoint');
});

test('an answer that was a refusal is replayed too, but a failed validation is not kept', async () => {
  const { sdk, world, charge } = await charged();
  const options = { idempotencyKey: 'lucy:run:2' };
  const unknown = { charge, amout: 5 } as Stripe.RefundCreateParams;
  expect((await failureOf(sdk.refunds.create(unknown, options))).code).toBe('parameter_unknown');
  world.refund(charge);
  expect((await failureOf(sdk.refunds.create({ charge }, options))).code).toBe('charge_already_refunded');
  const again = await failureOf(sdk.refunds.create({ charge }, options));
  expect(again.headers?.['idempotent-replayed']).toBe('true');
});

test('a saved 500 is replayed for a day; then the key is new again', async () => {
  const { sdk, stripe, world, charge, clock } = await charged();
  stripe.faults.add({ kind: 'saved_500', path: '/v1/refunds' });
  const options = { idempotencyKey: 'lucy:run:3' };
  expect((await failureOf(sdk.refunds.create({ charge }, options))).statusCode).toBe(500);
  expect((await failureOf(sdk.refunds.create({ charge }, options))).statusCode).toBe(500);
  expect(world.tables.refunds.size()).toBe(0);
  clock.advance(24 * 3600);
  expect((await sdk.refunds.create({ charge }, options)).status).toBe('succeeded');
});

test('applied but never answered: the retry under the same key gets the answer', async () => {
  const { sdk, stripe, world, charge } = await charged();
  stripe.faults.add({ kind: 'apply_then_timeout', method: 'POST', times: 2 });
  const options = { idempotencyKey: 'lucy:run:4' };
  // The SDK itself tries a closed connection once more.
  await expect(sdk.refunds.create({ charge }, options)).rejects.toBeInstanceOf(
    Stripe.errors.StripeConnectionError,
  );
  expect(world.tables.refunds.size()).toBe(1);
  const answer = await sdk.refunds.create({ charge }, options);
  expect(answer.status).toBe('succeeded');
  expect(world.tables.refunds.size()).toBe(1);
});

test('two at once under one key: the second is told that the key is in use', async () => {
  const { stripe, charge } = await charged();
  stripe.faults.latency(50);
  const send = () =>
    fetch(`${stripe.url}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stripe.secretKey}`, 'idempotency-key': 'lucy:run:5' },
      body: new URLSearchParams({ charge }),
    });
  const answers = await Promise.all([send(), send()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});
