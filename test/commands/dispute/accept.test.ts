import { expect, test } from 'vitest';
import { answerWorld } from '#test/world/answer-world.ts';

test('a formal dispute is closed as lost, once, and nothing is refunded', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();

  const approval = await world.asks(`dispute accept ${dispute.id}`);
  expect(world.posted()).toEqual([]);
  expect(await world.approves(approval)).toContain('is accepted, and that is on its way to Stripe');
  await world.carried();

  expect(dispute.status).toBe('lost');
  expect(world.posted()).toEqual([`POST disputes/${dispute.id}/close`]);
  expect(await world.effects()).toMatchObject([{ kind: 'close_dispute', state: 'confirmed' }]);
  expect(await world.row(dispute.id)).toMatchObject({
    decision: 'accept',
    decided_by: 'Bea',
    status: 'lost',
  });
  const [audit] = await world.database.knex('audit_events').where({ command: 'dispute accept' });
  expect(audit).toMatchObject({ outcome: 'done', reason: 'the customer is right', actor_name: 'Bea' });
  expect(JSON.parse(audit.approved_by)).toMatchObject([{ name: 'Bo' }]);
});

test('while the bank only asks, all that is left is refunded, once, and the inquiry is left to end by it', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  world.stripe.world.refund(dispute.charge, 900);
  await world.booked();

  const approval = await world.asks(`dispute accept ${dispute.charge}`);
  await world.approves(approval);
  await world.carried();

  expect(world.posted()).toEqual(['POST refunds']);
  expect(world.stripe.world.tables.refunds.of(dispute.charge).map(({ amount }) => amount)).toEqual([
    4_000, 900,
  ]);
  expect(await world.row(dispute.id)).toMatchObject({ decision: 'refund' });
});

test('a formal dispute whose charge Stripe still lets us refund is ended by the refund', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  dispute.is_charge_refundable = true;

  await world.approves(await world.asks(`dispute accept ${dispute.id}`));
  await world.carried();

  expect(world.posted()).toEqual(['POST refunds']);
  expect(dispute.status).toBe('needs_response');
});

test('over the limit of refunds it takes two approvers, so that a dispute is no way round them', async () => {
  const world = await answerWorld();
  const charge = world.paid(60_000);
  const dispute = world.stripe.world.openDispute(charge.id, { inquiry: true });
  const approval = await world.asks(`dispute accept ${dispute.id}`);

  expect(await world.approves(approval)).toContain('1 of 2');
  expect(await world.effects()).toEqual([]);
  expect(await world.approves(approval, 'ada')).toContain('is on its way to Stripe');
});

test('the preview says what it is, what it costs, and that it cannot be taken back', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();

  const typed = await world.as('bea', `dispute accept sofia@firm.com --reason "she is right" --dry-run`);

  expect(typed.out).toContain(
    `Accept the dispute ${dispute.id} of sofia@firm.com: the cardholder keeps $49.00?`,
  );
  expect(typed.out).toContain('lost for good, $49.00 stay with the cardholder');
  expect(typed.out).toContain('This cannot be taken back');
  expect(typed.out).toContain('goes on');
  expect(typed.out).toContain('--end-access now or period_end');
});

test('access ends in the same approval, and only when Stripe took the answer', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();

  await world.approves(await world.asks(`dispute accept ${dispute.id} --end-access now`));
  await world.carried();

  expect(world.posted()).toEqual([
    `POST disputes/${dispute.id}/close`,
    expect.stringMatching(/^DELETE subscriptions\/sub_/),
  ]);
  const shown = await world.as('bea', 'customer show sofia@firm.com --json');
  expect(shown.json()).toMatchObject({ tier: 'free' });
});

test('an inquiry that turns formal before the click is shown, asked anew, and then accepted, not refunded', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  const approval = await world.asks(`dispute accept ${dispute.id}`);
  world.stripe.world.escalateInquiry(dispute.id);
  await world.booked();

  const moved = await world.approves(approval);
  expect(moved).toContain('the card asks anew');
  expect(await world.effects()).toEqual([]);
  expect(moved).toContain(`is “Accept the dispute ${dispute.id}`);
  await world.approves(approval);
  await world.carried();

  expect(world.posted()).toEqual([`POST disputes/${dispute.id}/close`]);
  expect(world.stripe.world.tables.refunds.of(dispute.charge)).toEqual([]);
});

test('an inquiry that turns formal after the click is not refunded, and can be decided anew', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  await world.approves(await world.asks(`dispute accept ${dispute.id}`));
  world.stripe.world.escalateInquiry(dispute.id);
  await world.carried();

  expect(world.posted()).toEqual([]);
  expect(await world.effects()).toMatchObject([
    { state: 'failed', failure: expect.stringContaining('turned into a formal dispute') },
  ]);
  expect((await world.row(dispute.id))?.decision).toBeNull();
  const shown = await world.as('bea', `dispute show ${dispute.id} --json`);
  expect(shown.json()).toMatchObject({ decision: null, status: 'needs_response' });
  await world.approves(await world.asks(`dispute accept ${dispute.id}`));
  await world.carried();
  expect(dispute.status).toBe('lost');
});

test('accepted and contested at once: exactly one goes out, and the other is told who decided', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const accept = await world.asks(`dispute accept ${dispute.id}`);
  const contest = await world.asks(`dispute contest ${dispute.id}`, 'ada');

  const told = await Promise.all([world.approves(accept), world.approves(contest)]);
  await world.carried();

  const done = told.filter((text) => text.startsWith('Approved.'));
  expect(done).toHaveLength(1);
  expect(told.find((text) => !text.startsWith('Approved.'))).toContain('is decided already');
  expect(await world.effects()).toHaveLength(1);
  expect(world.posted().filter((line) => line.startsWith('POST disputes/'))).toHaveLength(1);
});

test('two approvals to accept the same dispute: once', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const first = await world.asks(`dispute accept ${dispute.id}`);
  const second = await world.asks(`dispute accept ${dispute.id}`, 'ada');

  await world.approves(first);
  expect(await world.approves(second)).toContain('is decided already: Bea accepted it');
  await world.carried();

  expect(world.posted()).toHaveLength(1);
});

test.each([
  ['lost', 'is lost already', 'a refund on top would pay twice'],
  ['won', 'is won already', 'Nothing is left to decide'],
  ['prevented', 'is over already (prevented)', 'Nothing is left to decide'],
] as const)('a dispute that is %s is refused, with what to do', async (outcome, said, hint) => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  world.stripe.world.closeDispute(dispute.id, outcome);

  const typed = await world.as('bea', `dispute accept ${dispute.id} --reason "she is right"`);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain(said);
  expect(typed.err).toContain(hint);
});

test('evidence that is with the bank, and a refund that was made are refused', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  const refused = async () => (await world.as('bea', `dispute accept ${dispute.id} --reason "right"`)).err;

  world.stripe.world.refund(dispute.charge);
  expect(await refused()).toContain('are refunded already');
  world.stripe.world.answerDispute(dispute.id, { uncategorized_text: 'used' });
  expect(await refused()).toContain('with the bank already');
});

test('while the customer is locked for fraud an inquiry is not refunded; a formal dispute may be given up', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  await world.as('bea', 'customer lock sofia@firm.com --reason "stolen card"');

  const typed = await world.as('bea', `dispute accept ${dispute.id} --reason "she is right"`);
  expect(typed.err).toContain('is locked for fraud');

  world.stripe.world.escalateInquiry(dispute.id);
  await world.asks(`dispute accept ${dispute.id}`);
});

test('a dispute that Lucy was never told of is decided all the same', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ isUnheard: true });

  await world.approves(await world.asks(`dispute accept ${dispute.charge}`));
  await world.carried();

  expect(dispute.status).toBe('lost');
  expect(await world.row(dispute.id)).toMatchObject({ decision: 'accept' });
});

test('support may not, unknown ones are named, and Stripe away changes nothing', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();

  expect((await world.as('sam', `dispute accept ${dispute.id} --reason "she is right"`)).code).toBe(3);
  const unknown = await world.as('bea', 'dispute accept du_nowhere --reason "she is right"');
  expect(unknown).toMatchObject({
    code: 5,
    err: expect.stringContaining('Stripe knows no dispute du_nowhere'),
  });
  world.stripe.faults.down(true);
  const away = await world.as('bea', `dispute accept ${dispute.id} --reason "she is right"`);
  expect(away.err).toContain('Stripe does not answer right now, so nothing was changed.');
});
