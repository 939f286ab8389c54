import { expect, test } from 'vitest';
import { answerWorld } from '#test/world/answer-world.ts';

async function refundedThenDisputed(amount: number) {
  const world = await answerWorld();
  const { charge } = world.subscribed();
  await world.booked();
  const refund = world.stripe.world.refund(charge.id, amount);
  await world.booked();
  const dispute = world.stripe.world.openDispute(charge.id, { reason: 'credit_not_processed' });
  await world.booked();
  return { world, dispute, refund };
}

test('a payment that is refunded in full is not given up as well, unless somebody says so', async () => {
  const { world, dispute } = await refundedThenDisputed(4_900);

  const typed = await world.as('bea', `dispute accept ${dispute.id} --reason "she is right"`);

  expect(typed).toMatchObject({ code: 1, err: expect.stringContaining('would pay the customer twice') });
  expect(typed.err).toContain(`dispute contest ${dispute.id}`);
  expect(typed.err).toContain('--despite-refund');
  await world.approves(await world.asks(`dispute accept ${dispute.id} --despite-refund`));
  await world.carried();
  expect(dispute.status).toBe('lost');
});

test('one that is refunded in part names both payments first', async () => {
  const { world, dispute } = await refundedThenDisputed(2_450);

  const typed = await world.as(
    'bea',
    `dispute accept ${dispute.id} --reason "she is right" --dry-run --json`,
  );

  const { warnings } = typed.json<{ warnings: string[] }>();
  expect(warnings[0]).toContain('$24.50 of this payment are refunded already');
  expect(warnings[0]).toContain('They would have $73.50, and they paid $49.00.');
});

test('the bank is told of the refund, with its id, its amount and its time', async () => {
  const { world, dispute, refund } = await refundedThenDisputed(4_900);

  await world.approves(await world.asks(`dispute contest ${dispute.id} --note "Refunded at once."`));
  await world.carried();

  expect(dispute.evidence.refund_refusal_explanation).toMatch(
    new RegExp(`^\\$49\\.00 were refunded on .* UTC \\(refund ${refund.id}\\)\\.\nRefunded at once\\.$`),
  );
});
