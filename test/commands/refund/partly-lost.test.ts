import { expect, test } from 'vitest';
import { answerWorld } from '#test/world/answer-world.ts';

/** The bank has taken $10.00 of the $49.00 that Sofia paid. */
async function partlyLost() {
  const world = await answerWorld();
  const { charge } = world.subscribed();
  await world.booked();
  const lost = world.stripe.world.openDispute(charge.id, { amount: 1_000 });
  world.stripe.world.closeDispute(lost.id, 'lost');
  await world.booked();
  return { ...world, charge, lost };
}

test('of a payment that was lost in part the rest is not called gone, and is not refunded either', async () => {
  const world = await partlyLost();

  const told = await world.refused(world.charge.id);

  expect(told).toContain(`already took a part of ${world.charge.id} back (${world.lost.id}`);
  expect(told).toContain('$39.00 of it are still ours, and Stripe refunds no charge that was lost to a bank');
  expect(told).toContain('agree with them on another way');
  expect(told).not.toContain('nothing to refund');
});

test('an inquiry over the rest is answered with a refund of the rest, and of no more', async () => {
  const world = await partlyLost();
  const inquiry = world.stripe.world.openDispute(world.charge.id, { inquiry: true, amount: 3_900 });
  await world.booked();

  const tooMuch = await world.refused(`${world.charge.id} 40`);
  await world.approves(await world.asks(`dispute accept ${inquiry.id}`));
  await world.carried();

  expect(tooMuch).toContain('$39.00');
  expect(world.posted()).toEqual(['POST refunds']);
  expect(world.stripe.world.tables.refunds.of(world.charge.id)).toMatchObject([
    { amount: 3_900, status: 'succeeded' },
  ]);
  expect((await world.as('bea', 'credits show sofia@firm.com --json')).json()).toMatchObject({
    balance: 0,
    debt: 0,
  });
});

test('when all of it was lost, an inquiry that comes late pays nothing twice', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  world.stripe.world.closeDispute(dispute.id, 'lost');
  world.stripe.world.openDispute(dispute.charge, { inquiry: true });
  await world.booked();

  expect(await world.refused(dispute.charge)).toContain('A refund on top would pay the customer twice');
});
