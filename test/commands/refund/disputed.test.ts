import { expect, test } from 'vitest';
import { refundWorld } from '#test/world/refund-world.ts';

test('a payment under formal dispute is explained, with its date and what to do, and never attempted', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const dispute = world.stripe.world.openDispute(id, { reason: 'product_not_received', dueInDays: 9 });

  const typed = await world.preview(id);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain(
    `The cardholder disputes ${id} (${dispute.id}, “product not received”, $49.00)`,
  );
  expect(typed.err).toContain('Stripe refunds no charge under dispute');
  expect(typed.err).toContain(
    `Decide by 2026-11-30 09:00 UTC: “lucy dispute accept ${dispute.id}” gives the money up, “lucy dispute contest ${dispute.id}” answers with evidence.`,
  );
  expect(world.stripe.requests.every((request) => request.method === 'GET')).toBe(true);
});

test('once the evidence is with the bank, all that is left is to wait', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const dispute = world.stripe.world.openDispute(id);
  world.stripe.world.answerDispute(dispute.id, { uncategorized_text: 'It was used.' });

  expect(await world.refused(id)).toContain('The evidence is with the bank. Wait for its decision');
});

test.each(['lost', 'prevented'] as const)(
  'after a dispute that was %s a refund would pay twice',
  async (outcome) => {
    const world = await refundWorld();
    const { id } = world.paid(4_900);
    world.stripe.world.closeDispute(world.stripe.world.openDispute(id).id, outcome);

    const told = await world.refused(id);

    expect(told).toContain(`The cardholder’s bank already took the money of ${id} back`);
    expect(told).toContain('A refund on top would pay the customer twice');
  },
);

test('an inquiry may be refunded, with a warning; when it becomes a dispute it may not', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const inquiry = world.stripe.world.openDispute(id, { inquiry: true, dueInDays: 9 });

  const { code, out } = await world.preview(id);
  expect(code).toBe(0);
  expect(out).toContain(
    `The bank inquires about this payment (${inquiry.id}, “fraudulent”, open until 2026-11-30`,
  );
  expect(out).toContain('only a full one ends the matter');

  world.stripe.world.escalateInquiry(inquiry.id);
  expect(await world.refused(id)).toContain(`The cardholder disputes ${id}`);
});

test('a dispute whose charge Stripe still lets refund may be refunded, with a warning', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const dispute = world.stripe.world.openDispute(id);
  dispute.is_charge_refundable = true;

  const { code, out } = await world.preview(id);

  expect(code).toBe(0);
  expect(out).toContain(`The cardholder disputes this payment (${dispute.id}`);
});

test('after a dispute that was won the money is ours again, and that is said', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const dispute = world.stripe.world.openDispute(id);
  world.stripe.world.closeDispute(dispute.id, 'won');

  expect((await world.preview(id)).out).toContain(`was disputed (${dispute.id}), and the dispute was won`);
});
