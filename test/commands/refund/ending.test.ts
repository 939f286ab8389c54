import { expect, test } from 'vitest';
import { refundWorld } from '#test/world/refund-world.ts';

test('the refund can end the subscription that was paid for, now or with its period', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();

  const now = await world.preview(`${charge.id} --end-subscription now`);
  expect(now.out).toContain('Refund $49.00 to sofia@firm.com and end the subscription now?');
  expect(now.out).toContain('Subscription: active → ends now');
  expect(now.out).not.toContain('goes on');

  const later = await world.preview(`${charge.id} --end-subscription period_end`);
  expect(later.out).toContain('and end the subscription with its period?');
  expect(later.out).toContain('Subscription: active → ends 2026-12-21 09:00 UTC');
});

test('a full refund whose subscription goes on says so; a part of it, or one that ends anyway, does not', async () => {
  const world = await refundWorld();
  const { charge, subscription } = world.subscribed();
  expect((await world.preview(charge.id)).out).toContain(
    `The subscription ${subscription} goes on, and is charged again on 2026-12-21 09:00 UTC.`,
  );
  expect((await world.preview(`${charge.id} --end-subscription no`)).out).toContain('goes on');
  expect((await world.preview(`${charge.id} 10`)).out).not.toContain('goes on');

  world.stripe.world.cancelAtPeriodEnd(subscription);
  expect((await world.preview(charge.id)).out).not.toContain('goes on');
});

test('what pays for no subscription ends none', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);

  const told = await world.refused(`${id} --end-subscription now`);

  expect(told).toContain(`${id} paid for no subscription that Stripe still knows.`);
  expect(told).toContain('Leave --end-subscription out');
});

test('what ends already is not ended once more, but can still be ended sooner', async () => {
  const world = await refundWorld();
  const { charge, subscription } = world.subscribed();
  world.stripe.world.cancelAtPeriodEnd(subscription);
  expect(await world.refused(`${charge.id} --end-subscription period_end`)).toContain(
    `${subscription} ends already, on 2026-12-21 09:00 UTC.`,
  );
  expect((await world.preview(`${charge.id} --end-subscription now`)).code).toBe(0);

  world.stripe.world.cancelNow(subscription);
  expect(await world.refused(`${charge.id} --end-subscription now`)).toContain(
    `${subscription} has ended already.`,
  );
});

test('how it is to end is one of three words', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();

  expect(await world.refused(`${charge.id} --end-subscription soon`)).toContain(
    'Choose one of no, now, period_end.',
  );
});
