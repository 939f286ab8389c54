import { expect, test } from 'vitest';
import { answerWorld } from '#test/world/answer-world.ts';
import { disputeDesk, disputed } from '#test/world/dispute-desk.ts';

const lock = `customer lock ${disputed.email}`;

test('a lock stands on the card of a fraud warning at once, and nobody is offered a refund until it ends', async () => {
  const desk = await disputeDesk();
  desk.stripe.world.warnOfFraud(desk.charge.id);
  await desk.hear();
  const card = () => desk.billing().find(({ reads }) => reads.includes('A bank warns of fraud'))?.reads ?? '';
  expect(card()).toContain('[Refund]');

  await desk.given(lock);
  await desk.hear();
  expect(card()).toContain('Locked for fraud; until the lock ends nothing is refunded');
  expect(card()).not.toContain('[Refund]');
  expect(card()).not.toContain('[Lock]');
});

test('when the lock ends, the card offers the refund again', async () => {
  const world = await answerWorld();
  const { charge } = world.subscribed();
  world.stripe.world.warnOfFraud(charge.id);
  await world.booked();
  const card = async () => {
    const row = await world.database
      .knex('outbox')
      .where('card_key', 'like', 'fraud-warning:%')
      .orderBy('id', 'desc')
      .first();
    return String(row.payload);
  };
  await world.as('bea', 'customer lock sofia@firm.com --reason "stolen card"');
  expect(await card()).not.toContain('refund request');

  await world.approves(await world.asks('customer unlock sofia@firm.com'));

  expect(await card()).toContain(`refund request ${charge.id}`);
  expect(await card()).not.toContain('Locked for fraud');
});

test('the card of an inquiry offers no refund while the customer is locked; that of a formal dispute stays as it is', async () => {
  const desk = await disputeDesk();
  const inquiry = desk.stripe.world.openDispute(desk.charge.id, { inquiry: true });
  await desk.hear();
  const card = () => desk.billing().find(({ reads }) => reads.includes(inquiry.id))?.reads ?? '';
  expect(card()).toContain('[Refund]');

  await desk.given(lock);
  await desk.hear();
  expect(card()).toContain('locked for fraud');
  expect(card()).not.toContain('[Refund]');
  expect(card()).toContain('[Contest]');

  desk.stripe.world.escalateInquiry(inquiry.id);
  await desk.hear();
  expect(card()).toContain('[Accept]');
});
