import { expect, test } from 'vitest';
import { answerWorld } from '#test/world/answer-world.ts';

test('a decision about the formal dispute stands when the webhook of the escalation comes after the click', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  world.stripe.world.escalateInquiry(dispute.id);
  await world.approves(await world.asks(`dispute accept ${dispute.id}`));

  await world.booked();

  expect(await world.row(dispute.id)).toMatchObject({ decision: 'accept', phase: 'dispute' });
  const second = await world.as('bea', `dispute contest ${dispute.id} --reason "used it daily"`);
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining('is decided already') });
  await world.carried();
  expect(dispute.status).toBe('lost');
});

test('while the answer to the inquiry is on its way, the dispute that it became takes no other', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  const first = await world.asks(`dispute contest ${dispute.id}`);
  await world.approves(first);
  world.stripe.world.escalateInquiry(dispute.id);
  await world.booked();

  const said = await world.approves(await world.asks(`dispute accept ${dispute.id}`));

  expect(said).toContain(`An earlier answer to ${dispute.id} is still on its way to Stripe`);
  expect(await world.effects()).toHaveLength(1);
});

test('evidence that answers an inquiry is not sent to the formal dispute that it became', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  await world.approves(await world.asks(`dispute contest ${dispute.id}`));
  world.stripe.world.escalateInquiry(dispute.id);

  await world.carried();

  expect(world.posted()).toEqual([]);
  expect(dispute.status).toBe('needs_response');
  expect(await world.effects()).toMatchObject([
    { state: 'failed', failure: expect.stringContaining('turned into a formal dispute') },
  ]);
  expect(await world.row(dispute.id)).toMatchObject({ decision: null });
  await world.approves(await world.asks(`dispute contest ${dispute.id}`));
  await world.carried();
  expect(dispute.status).toBe('under_review');
});

test('a dispute first heard of through its decision has its first step, its evidence and its timers', async () => {
  const world = await answerWorld();
  const { charge } = world.subscribed();
  await world.booked();
  const { knex } = world.database;
  await world.as('bea', 'credits consume sofia@firm.com 500 --reason "used them all"');
  const dispute = world.stripe.world.openDispute(charge.id, { reason: 'fraudulent' });

  await world.approves(await world.asks(`dispute accept ${dispute.id}`));

  expect(await knex('dispute_steps').select('seq', 'status')).toEqual([{ seq: 1, status: 'needs_response' }]);
  expect(await knex('timers').where({ kind: 'dispute_reminder' })).not.toEqual([]);
  await world.booked();
  expect(await knex('evidence_bundles').select('dispute_id')).toEqual([{ dispute_id: dispute.id }]);
});
