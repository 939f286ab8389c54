import { expect, test } from 'vitest';
import { answerWorld } from '#test/world/answer-world.ts';

const draft = {
  uncategorized_text: 'Draft: we may have charged her twice',
  customer_purchase_ip: '10.0.0.1',
};

test('what stands at Stripe already and goes to the bank as well is shown before anything else', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  world.stripe.world.answerDispute(dispute.id, { ...draft, customer_name: 'Sofia' }, false);

  const typed = await world.as('bea', `dispute contest ${dispute.id} --reason "used it" --dry-run --json`);

  const [first] = typed.json<{ warnings: string[] }>().warnings;
  expect(first).toContain('uncategorized text “Draft: we may have charged her twice”');
  expect(first).toContain('customer purchase ip “10.0.0.1”');
  // The evidence brings its own.
  expect(first).not.toContain('customer email address');
  await world.approves(await world.asks(`dispute contest ${dispute.id}`));
  await world.carried();
  expect(dispute).toMatchObject({ status: 'under_review', evidence: draft });
});

test('what was put there after the request makes the approval void', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const approval = await world.asks(`dispute contest ${dispute.id}`);
  world.stripe.world.answerDispute(dispute.id, draft, false);

  await world.approves(approval);

  expect(await world.effects()).toEqual([]);
});

test('what was put there after the approval is not sent either', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  await world.approves(await world.asks(`dispute contest ${dispute.id}`));
  world.stripe.world.answerDispute(dispute.id, draft, false);

  await world.carried();

  expect(world.posted()).toEqual([]);
  expect(await world.effects()).toMatchObject([
    { state: 'failed', failure: expect.stringContaining('Somebody changed the evidence') },
  ]);
});
