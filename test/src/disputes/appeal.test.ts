import { expect, test } from 'vitest';
import { recordDecision } from '#db/disputes.ts';
import { DAY_MS, SECOND_MS } from '#src/core/clock.ts';
import { disputeDesk } from '#test/world/dispute-desk.ts';

test('an appeal is reminded of whatever was decided before, and is answered in Stripe’s dashboard only', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  const dispute = desk.stripe.world.openDispute(desk.charge.id, { dueInDays: 8 });
  await desk.hear();
  const by = { decision: 'contest', runId: 'run_1', actor: 'Bea', now: desk.clock.now() } as const;
  await recordDecision(desk.database.knex, dispute.id, by);
  desk.stripe.world.answerDispute(dispute.id, {});
  await desk.hear();
  (dispute as { status: string }).status = 'appeal_needs_response';
  dispute.evidence_details.due_by = Math.floor((desk.clock.now() + 9 * DAY_MS) / SECOND_MS);
  desk.stripe.world.emit('charge.dispute.updated', dispute);
  await desk.hear();

  const card = () => desk.billing()[before];
  expect(card()?.reads).toContain('In Stripe’s dashboard');
  expect(card()?.reads).not.toMatch(/\[(Accept|Contest|Refund)\]/);
  expect(desk.thread(card()?.ts ?? '').at(-1)).toContain('An appeal is answered in Stripe’s dashboard.');
  desk.clock.advance(6.5 * DAY_MS);
  await desk.hear();
  expect(desk.thread(card()?.ts ?? '').at(-1)).toMatch(
    /The appeal over .* has to be answered within 2 days, and only Stripe’s dashboard takes the answer\./,
  );
});
