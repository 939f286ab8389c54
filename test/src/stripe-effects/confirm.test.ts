import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import { describeEffect } from '#src/stripe-effects/describe-effect.ts';
import { wakeEffectsOf } from '#src/stripe-effects/wake-effects.ts';
import {
  type EffectsWorld,
  effectsWorld,
  hours,
  minutes,
  refundOf,
  seconds,
} from '#test/world/effects-world.ts';

/** A refund that Stripe took, and that the bank has not decided. */
async function pending() {
  const world = await effectsWorld();
  world.stripe.world.holdRefunds(true);
  const charge = world.pay();
  const run = await world.approve(refundOf(charge));
  await world.work();
  const refund = world.refundsOf(charge)[0]?.id ?? '';
  return { world, charge, run, refund };
}

/** As a webhook does that names this refund. */
function wake(world: EffectsWorld, refundId: string): Promise<void> {
  return inTransaction(world.database, (sql) =>
    wakeEffectsOf(sql, world.clock.now(), { refundIds: [refundId] }),
  );
}

async function sentence(world: EffectsWorld, run: string): Promise<string> {
  const [effect] = await world.effects(run);
  return effect ? describeEffect(effect) : '';
}

test('a pending refund is told as pending, and as done when its webhook comes', async () => {
  const { world, run, refund } = await pending();
  expect(await sentence(world, run)).toBe(
    `Stripe says the refund ${refund} is pending: it is being processed.`,
  );

  await world.wait(minutes(40));
  expect(await world.states(run)).toEqual(['sent']);
  world.stripe.world.settleRefund(refund);
  await wake(world, refund);
  await world.work();

  expect(await sentence(world, run)).toBe(`Stripe confirmed the refund ${refund} at 2026-11-21 09:40 UTC.`);
  expect(world.seen).toEqual(['queued → sending', 'sending → sent', 'sent → confirmed']);
});

test('when the webhook is lost, Lucy finds out by herself', async () => {
  const { world, run, refund } = await pending();
  world.stripe.world.settleRefund(refund);

  await world.wait(seconds(6));

  expect(await world.states(run)).toEqual(['confirmed']);
});

test('a word of Stripe’s that is new is shown, though the state is the same', async () => {
  const { world, run, refund } = await pending();
  const row = world.stripe.world.tables.refunds.get(refund);
  if (row) row.pending_reason = 'insufficient_funds';

  await world.wait(seconds(6));

  expect(await sentence(world, run)).toContain('somebody should top the balance up');
  expect(world.seen.at(-1)).toBe('sent → sent');
});

test('a pending refund that fails is told with the bank’s reason and what to do', async () => {
  const { world, run, refund } = await pending();
  world.stripe.world.failRefund(refund);
  await wake(world, refund);
  await world.work();

  expect(await sentence(world, run)).toBe(
    `Failed: The refund ${refund} failed: the card has expired or was cancelled. The money is back in the Stripe balance and the customer does not have it: agree with them on another way.`,
  );
});

test.each([
  ['its webhook', true],
  ['Lucy’s own look, when the webhook is lost', false],
])(
  'a refund that the bank sends back two days after it was confirmed is told: by %s',
  async (_by, hasWebhook) => {
    const world = await effectsWorld();
    const charge = world.pay();
    const run = await world.approve(refundOf(charge));
    await world.wait(hours(48));
    expect(await world.states(run)).toEqual(['confirmed']);

    const refund = world.refundsOf(charge)[0]?.id ?? '';
    world.stripe.world.failRefund(refund, 'lost_or_stolen_card');
    if (hasWebhook) await wake(world, refund);
    await world.wait(hasWebhook ? 1 : hours(25));

    expect(await world.states(run)).toEqual(['failed']);
    expect(await sentence(world, run)).toContain('the card was reported lost or stolen');
    expect(world.seen.at(-1)).toBe('confirmed → failed');
    expect(world.posts()).toHaveLength(1);
  },
);

test('a confirmation that never comes is escalated once, after an hour, and closed when it comes after all', async () => {
  const { world, charge, run, refund } = await pending();

  await world.wait(minutes(59));
  expect(await world.told()).toEqual([]);
  await world.wait(minutes(2));
  await world.wait(hours(72));

  expect(await world.told()).toEqual([
    `Stripe took the refund of $49.00 of ${charge} for sofia@firm.com, and has not confirmed it yet. Stripe says the refund ${refund} is pending: it is being processed.`,
  ]);
  expect(world.seen.filter((step) => step === 'sent → sent')).toHaveLength(1);
  world.stripe.world.settleRefund(refund);
  await world.wait(hours(7));
  expect(await world.states(run)).toEqual(['confirmed']);
  expect(await world.database.knex('findings')).toMatchObject([
    { kind: 'effect_unconfirmed', state: 'closed' },
  ]);
});

test('an outcome that stays unknown is escalated once, and never given up', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'saved_500', method: 'POST', path: '/v1/refunds', times: 1_000 });
  const run = await world.approve(refundOf(charge));

  await world.wait(hours(2));
  expect(await world.states(run)).toEqual(['unknown']);
  expect(await world.told()).toEqual([
    `Nobody can say yet whether Stripe took the refund of $49.00 of ${charge} for sofia@firm.com. Stripe said last: An unknown error occurred`,
  ]);
  expect(world.refundsOf(charge)).toEqual([]);
  world.stripe.faults.clear();
  await world.wait(minutes(20));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.refundsOf(charge)).toHaveLength(1);
});

test('a webhook that comes while Lucy asks is not lost', async () => {
  const { world, run, refund } = await pending();
  world.clock.advance(seconds(6));
  const stop = world.stripe.onAnswer(async ({ path }) => {
    if (path !== `/v1/refunds/${refund}`) return;
    stop();
    // The answer under way says “pending”; the event comes before Lucy has read it.
    world.stripe.world.settleRefund(refund);
    await wake(world, refund);
  });

  expect(await carryEffects(world.deps)).toBe(1);
  expect(await world.states(run)).toEqual(['sent']);
  expect(await carryEffects(world.deps)).toBe(1);

  expect(await world.states(run)).toEqual(['confirmed']);
});
