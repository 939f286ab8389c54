import { expect, test } from 'vitest';
import { recordDecision } from '#db/disputes.ts';
import { DAY_MS, SECOND_MS } from '#src/core/clock.ts';
import { sofia } from '#test/world/billing-world.ts';
import { disputeDesk } from '#test/world/dispute-desk.ts';
import { type DisputeWorld, disputeWorld } from '#test/world/dispute-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { disputeOf } from '#test/world/truth-disputes.ts';

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

/** Money of the payment moves, and no event says a word of any dispute. */
async function hearsOfRefund(world: DisputeWorld): Promise<void> {
  await world.receive(events.refund('created', world.invoice.paymentIntentId ?? '', sofia.stripe));
  await world.drain();
}

// What the walk found with seed -1244024328: lost was the last word heard, and the appeal came in silence.
test('an appeal of which no event ever came is found the next time that money moves, and freezes what was taken', async () => {
  const world = await disputeWorld();
  await world.lucy(`credits consume ${sofia.email} 100 --reason "calls" --yes`);
  world.says({ status: 'lost' });
  await world.tells('created');
  expect(await world.credits()).toMatchObject({ balance: 0, frozen: 0, debt: 100 });

  const left = world.granted - 100;
  world.says({ status: 'appeal_under_review' });
  await hearsOfRefund(world);
  expect(await world.credits()).toMatchObject({ balance: left, frozen: left, spendable: 0, debt: 0 });
  expect(await world.database.knex('disputes').select('status', 'closed_at')).toEqual([
    { status: 'appeal_under_review', closed_at: null },
  ]);
  expect(await world.messages()).toContainEqual(
    expect.stringContaining('frozen: the payment is under dispute'),
  );

  world.says({ status: 'won' });
  await hearsOfRefund(world);
  expect(await world.credits()).toMatchObject({ balance: left, frozen: 0, spendable: left, debt: 0 });
});

test('a second dispute of a charge is found as well, though the first is over and no event told of it', async () => {
  const world = await disputeWorld();
  world.says({ status: 'won', amount: 2_450 });
  await world.tells('created');
  const second = disputeOf(world.charge, world.clock.now(), { id: 'dp_second', amount: 2_450 });
  world.truth.disputes.get(world.charge)?.push(second);
  await hearsOfRefund(world);

  expect(await world.credits()).toMatchObject({ balance: world.granted, frozen: world.granted });
});

test('a dispute that stays lost is asked for again without moving or announcing anything', async () => {
  const world = await disputeWorld();
  world.says({ status: 'lost' });
  await world.tells('created');
  const rows = async () => ({
    credits: await world.credits(),
    entries: await world.database.knex('credit_entries').count(),
    disputes: await world.database.knex('disputes').select('status', 'version', 'closed_at'),
    steps: await world.database.knex('dispute_steps').count(),
    messages: (await world.messages()).length,
  });
  const before = await rows();
  await hearsOfRefund(world);

  expect(await rows()).toEqual(before);
});
