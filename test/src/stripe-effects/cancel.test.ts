import { expect, test } from 'vitest';
import { describeEffect } from '#src/stripe-effects/describe-effect.ts';
import type { WantedCancellation } from '#src/stripe-effects/wanted-effect.ts';
import { type EffectsWorld, effectsWorld, minutes, refundOf, seconds } from '#test/world/effects-world.ts';

function paid(world: EffectsWorld) {
  const charge = world.pay();
  const subscription = world.stripe.world.liveSubscriptionOf(world.customer)?.id ?? '';
  return { charge, subscription };
}

function endOf(subscriptionId: string, at: 'now' | 'period_end' = 'now'): WantedCancellation {
  return { kind: 'cancel_subscription', subscriptionId, at };
}

function calls(world: EffectsWorld): string[] {
  return world.stripe.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);
}

async function sentences(world: EffectsWorld, run: string): Promise<string[]> {
  return (await world.effects(run)).map(describeEffect);
}

test('the subscription ends after its refund was taken, in the same approval', async () => {
  const world = await effectsWorld();
  const { charge, subscription } = paid(world);
  const run = await world.approve(refundOf(charge), endOf(subscription));

  await world.wait(seconds(6));

  expect(calls(world)).toEqual(['POST /v1/refunds', `DELETE /v1/subscriptions/${subscription}`]);
  expect((await sentences(world, run))[1]).toBe(
    `Stripe confirmed that the subscription ${subscription} has ended at 2026-11-21 09:00 UTC.`,
  );
  expect(world.stripe.world.tables.subscriptions.get(subscription)?.status).toBe('canceled');
});

test('at the end of the period it runs on until then, and that is confirmed', async () => {
  const world = await effectsWorld();
  const { subscription } = paid(world);
  const run = await world.approve(endOf(subscription, 'period_end'));

  await world.wait(seconds(6));

  expect(await sentences(world, run)).toEqual([
    `Stripe confirmed that the subscription ${subscription} ends with its paid period at 2026-11-21 09:00 UTC.`,
  ]);
  expect(world.stripe.world.tables.subscriptions.get(subscription)).toMatchObject({
    status: 'active',
    cancel_at_period_end: true,
  });
});

test('while it is unknown whether the refund was taken, the subscription stays', async () => {
  const world = await effectsWorld();
  const { charge, subscription } = paid(world);
  world.stripe.faults.add({ kind: 'timeout', method: 'POST', path: '/v1/refunds' });
  const run = await world.approve(refundOf(charge), endOf(subscription));

  await world.wait(seconds(60));
  expect(await world.states(run)).toEqual(['unknown', 'queued']);
  expect(world.stripe.world.tables.subscriptions.get(subscription)?.status).toBe('active');
  await world.wait(minutes(3));

  expect(await world.states(run)).toEqual(['confirmed', 'confirmed']);
});

test('when the refund fails, the subscription is left alone, and that is said', async () => {
  const world = await effectsWorld();
  const { charge, subscription } = paid(world);
  const run = await world.approve(refundOf(charge), endOf(subscription));
  world.stripe.world.openDispute(charge);

  await world.wait(minutes(3));

  expect(await world.states(run)).toEqual(['failed', 'skipped']);
  expect((await sentences(world, run))[1]).toBe(
    `Left out: the end of the subscription ${subscription}, because what was to happen before it failed. Ask for it by itself if it is still wanted.`,
  );
  expect(world.stripe.world.tables.subscriptions.get(subscription)?.status).toBe('active');
});

test.each(['now', 'period_end'] as const)(
  'ended %s, applied and never answered: found as ended, and asked once',
  async (at) => {
    const world = await effectsWorld();
    const { subscription } = paid(world);
    world.stripe.faults.add({
      kind: 'apply_then_timeout',
      path: '/v1/subscriptions/',
      method: at === 'now' ? 'DELETE' : 'POST',
    });
    const run = await world.approve(endOf(subscription, at));

    await world.wait(seconds(10));

    expect(await world.states(run)).toEqual(['confirmed']);
    expect(calls(world)).toHaveLength(1);
  },
);

test('a subscription that somebody ended meanwhile has ended; one that Stripe does not know is explained', async () => {
  const world = await effectsWorld();
  const { subscription } = paid(world);
  world.stripe.world.cancelNow(subscription);
  const ended = await world.approve(endOf(subscription));
  const none = await world.approve(endOf('sub_none'));

  await world.wait(seconds(6));

  expect(await world.states(ended)).toEqual(['confirmed']);
  expect(await sentences(world, none)).toEqual([
    'Failed: Stripe knows no subscription sub_none, so nothing was ended. Check the id in Stripe, and ask anew.',
  ]);
  expect(calls(world)).toEqual([]);
});

test('what Stripe refuses is told in Stripe’s words, with what to do', async () => {
  const world = await effectsWorld();
  const { subscription } = paid(world);
  world.stripe.world.scheduleChange(subscription, 'starter_monthly');
  const run = await world.approve(endOf(subscription, 'period_end'));

  await world.work();

  const [told] = await sentences(world, run);
  expect(told).toContain('is managed by the subscription schedule');
  expect(told).toContain('End it in Stripe’s dashboard if it is still wanted.');
});
