import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import type { EffectsDeps } from '#src/stripe-effects/deps.ts';
import { queueEffects } from '#src/stripe-effects/queue-effects.ts';
import type { WantedEffect } from '#src/stripe-effects/wanted-effect.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { minutes, refundOf, seconds } from '#test/world/effects-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { testCause } from '#test/world/test-cause.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';

/** Sofia paid for pro, which brought 500 credits. */
async function paidWorld() {
  const world = await billingWorld();
  const subscription = world.truth.subscribe(sofia.stripe, 'price_B');
  const invoice = world.truth.payInvoice(subscription.id);
  await world.receive(events.invoice('paid', invoice));
  await world.drain();
  const intent = invoice.paymentIntentId ?? '';
  const { database, log } = world.deps;
  const { clock } = world;
  const deps: EffectsDeps = {
    database,
    clock,
    log,
    stripe: world.truth.gateway,
    onChange: async () => {},
  };
  const customer = await database.knex('customers').where({ email: sofia.email }).first('id');
  return {
    ...world,
    subscription,
    intent,
    credits: async () => (await world.show(sofia.email)).credits,
    approve: (...effects: WantedEffect[]) =>
      inTransaction(database, (sql) =>
        queueEffects(sql, testCause(clock.now()), { runId: 'run_1', customerId: customer.id, effects }),
      ),
    /** Carries what is due after a while, and lets the billing worker follow. */
    async after(ms: number) {
      clock.advance(ms);
      while ((await carryEffects(deps)) > 0);
      await world.drain();
    },
  };
}

const refundOfIntent = (intent: string, amount = 4_900) =>
  refundOf(intent.replace(/^pi_/, 'ch_'), { paymentIntentId: intent, amount });

test('the credits of a confirmed refund are taken back, though no webhook ever came', async () => {
  const world = await paidWorld();
  expect((await world.credits()).balance).toBe(500);
  await world.approve(refundOfIntent(world.intent, 2_450));

  await world.after(0);
  expect((await world.credits()).balance).toBe(500);
  await world.after(seconds(6));

  expect((await world.credits()).balance).toBe(250);
});

test('a pending refund takes no credits yet; one that fails days later gives them back, webhooks lost', async () => {
  const world = await paidWorld();
  world.truth.newRefundsAre = 'pending';
  await world.approve(refundOfIntent(world.intent));
  await world.after(0);
  await world.after(seconds(6));
  expect((await world.credits()).balance).toBe(500);

  const refund = world.truth.refunds.get(world.intent)?.[0];
  if (!refund) throw new Error('There should be a refund');
  refund.status = 'succeeded';
  await world.after(minutes(1));
  expect((await world.credits()).balance).toBe(0);
  refund.status = 'failed';
  await world.after(minutes(60 * 25));

  expect((await world.credits()).balance).toBe(500);
  expect(await world.database.knex('stripe_effects').pluck('state')).toEqual(['failed']);
});

test('the webhook of a refund brings Lucy’s look forward, and its repetitions change nothing', async () => {
  const world = await paidWorld();
  world.truth.newRefundsAre = 'pending';
  await world.approve(refundOfIntent(world.intent));
  await world.after(0);
  await world.after(minutes(59));
  const refund = world.truth.refunds.get(world.intent)?.[0];
  if (!refund) throw new Error('There should be a refund');
  refund.status = 'succeeded';

  const charge = world.intent.replace(/^pi_/, 'ch_');
  const told = { id: `re_${world.intent}_1`, object: 'refund', charge, payment_intent: world.intent };
  for (const _ of [1, 2, 3])
    await world.receive(stripeEvent('refund.updated', { ...told, customer: sofia.stripe }));
  await world.drain();
  await world.after(0);

  expect(await world.database.knex('stripe_effects').pluck('state')).toEqual(['confirmed']);
  expect((await world.credits()).balance).toBe(0);
});

test('an ended subscription takes the tier with it, though no webhook ever came', async () => {
  const world = await paidWorld();
  expect((await world.show(sofia.email)).tier).toBe('pro');
  await world.approve({
    kind: 'cancel_subscription',
    subscriptionId: world.subscription.id,
    at: 'now',
  });

  await world.after(0);
  await world.after(seconds(6));

  expect((await world.show(sofia.email)).tier).toBe('free');
});
