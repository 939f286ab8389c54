import { expect, test } from 'vitest';
import { DAY_MS, SECOND_MS } from '#src/core/clock.ts';
import { answerWorld } from '#test/world/answer-world.ts';

test('evidence that came late to the inquiry bars nothing of the formal dispute with its own deadline', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  world.stripe.world.answerDispute(dispute.id, { uncategorized_text: 'late' });
  dispute.evidence_details.past_due = true;
  world.stripe.world.escalateInquiry(dispute.id);
  dispute.evidence_details.due_by = Math.floor((world.clock.now() + 9 * DAY_MS) / SECOND_MS);
  await world.booked();

  for (const verb of ['accept', 'contest'])
    expect((await world.as('bea', `dispute ${verb} ${dispute.id} --reason "right" --dry-run`)).err).toBe('');
});

test.each([
  ['its deadline is over', 'is over, so evidence may not reach the bank any more'],
  ['Stripe takes none', 'The bank takes no evidence'],
])('evidence is refused when %s; giving in stays open', async (what, said) => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  if (what === 'Stripe takes none') dispute.evidence_details.due_by = 0;
  else world.clock.advance(20 * DAY_MS);
  await world.booked();

  const typed = await world.as('bea', `dispute contest ${dispute.id} --reason "used it daily"`);

  expect(typed).toMatchObject({ code: 1, err: expect.stringContaining(said) });
  expect(typed.err).toContain(`dispute accept ${dispute.id}`);
  await world.approves(await world.asks(`dispute accept ${dispute.id}`));
  await world.carried();
  expect(dispute.status).toBe('lost');
});

test('an inquiry ends with a full refund after its deadline, too', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  world.clock.advance(30 * DAY_MS);

  await world.approves(await world.asks(`dispute accept ${dispute.id}`));
  await world.carried();

  expect(world.posted()).toEqual(['POST refunds']);
});

test('evidence whose deadline passed after it was approved is not sent', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  await world.approves(await world.asks(`dispute contest ${dispute.id}`));
  world.clock.advance(20 * DAY_MS);

  await world.carried();

  expect(world.posted()).toEqual([]);
  expect(await world.effects()).toMatchObject([{ failure: expect.stringContaining('The deadline of') }]);
});
