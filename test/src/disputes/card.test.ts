import { expect, test } from 'vitest';
import { disputeDesk, disputed } from '#test/world/dispute-desk.ts';

const DAY_MS = 86_400_000;

test('a dispute has one card, which says what it is, how long there is, and what can be done', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  const { id } = desk.stripe.world.openDispute(desk.charge.id, { reason: 'product_not_received' });
  await desk.hear();

  const [card, ...others] = desk.billing().slice(before);
  expect(others).toEqual([]);
  const reads = card?.reads ?? '';
  expect(reads).toContain(`${disputed.email} disputes $19.00, and the bank has taken it for now.`);
  expect(reads).toContain('The customer says that they did not get what they paid for.');
  expect(reads).toContain('Show when access was given.');
  expect(reads).toContain('Formal dispute: the bank holds the money, so it cannot be refunded');
  expect(reads).toContain('8 days');
  expect(reads).toMatch(/\$19\.00 paid \(in_\w+\), now disputed/);
  expect(reads).toMatch(/The cardholder disputes \$19\.00: product not received/);
  expect(reads).toMatch(/credits granted/);
  expect(reads).toContain('frozen');
  for (const button of ['Accept', 'Contest', 'Fraud', 'Show']) expect(reads).toContain(`[${button}]`);
  expect(reads).not.toContain('[Refund]');
  expect(reads).toContain(id);
});

test('its card is edited in place at every step, and the steps stand in its thread', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  const { id } = desk.stripe.world.openDispute(desk.charge.id, { inquiry: true });
  await desk.hear();
  const first = desk.billing()[before];
  expect(first?.reads).toContain('The bank inquires about $19.00');
  expect(first?.reads).toContain('[Refund]');
  expect(first?.reads).not.toContain('[Accept]');

  desk.stripe.world.escalateInquiry(id);
  await desk.hear();
  desk.stripe.world.answerDispute(id, { uncategorized_text: 'She used it.' });
  await desk.hear();
  const reviewed = desk.billing()[before]?.reads ?? '';
  expect(reviewed).toContain('Our evidence is with the bank');
  for (const button of ['Accept', 'Contest', 'Fraud', 'Refund'])
    expect(reviewed).not.toContain(`[${button}]`);

  desk.stripe.world.closeDispute(id, 'won');
  await desk.hear();
  expect(desk.billing()).toHaveLength(before + 1);
  expect(desk.billing()[before]?.ts).toBe(first?.ts);
  expect(desk.billing()[before]?.reads).toContain('is won');
  expect(desk.thread(first?.ts ?? '').map((reads) => reads.split('\n')[0])).toEqual([
    expect.stringContaining('Waits for our answer.'),
    expect.stringContaining('Our evidence is with the bank.'),
    expect.stringContaining('Won: the money is ours.'),
  ]);
});

test('people are reminded before the deadline, in the card’s thread, until somebody answers', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  const { id } = desk.stripe.world.openDispute(desk.charge.id, { dueInDays: 5 });
  await desk.hear();
  const card = () => desk.billing()[before];
  const passes = async (ms: number) => {
    desk.clock.advance(ms);
    await desk.hear();
  };
  await passes(1.5 * DAY_MS);
  expect(desk.thread(card()?.ts ?? '')).toEqual([]);
  expect(card()?.reads).toContain('3 days');
  await passes(0.6 * DAY_MS);
  const [reminder] = desk.thread(card()?.ts ?? '');
  expect(reminder).toContain('has to be answered within 2 days, and nobody has decided yet.');
  expect(desk.slack.messages('lucy-billing').at(-1)?.notified.length).toBeGreaterThan(0);

  desk.stripe.world.answerDispute(id, { uncategorized_text: 'They used it.' });
  await desk.hear();
  await passes(3 * DAY_MS);
  expect(desk.thread(card()?.ts ?? '')).toHaveLength(2);
  expect(await desk.database.knex('timers').where('kind', 'like', 'dispute%')).toEqual([]);
});

test('a deadline that passed is told; evidence comes too late, and giving in does not', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  desk.stripe.world.openDispute(desk.charge.id, { dueInDays: 1 });
  await desk.hear();
  desk.clock.advance(DAY_MS + 60_000);
  await desk.hear();

  const card = desk.billing()[before];
  expect(desk.thread(card?.ts ?? '').at(-1)).toContain('was not answered in time');
  expect(card?.reads).toContain('the deadline has passed');
  expect(card?.reads).not.toContain('[Contest]');
  expect(card?.reads).toContain('[Accept]');
  expect(desk.thread(card?.ts ?? '').at(-1)).toContain('Evidence comes too late now; accept it, or wait');
});

test('an early fraud warning is told at once, with refund and lock, and its card follows what became of it', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  desk.stripe.world.warnOfFraud(desk.charge.id);
  await desk.hear();
  const first = desk.billing()[before];
  expect(first?.reads).toContain(`${disputed.email} paid $19.00 with a card that it suspects`);
  expect(first?.reads).toContain('The payment was made with a stolen card.');
  expect(first?.reads).toContain('80 % of these become disputes');
  expect(first?.reads).toContain('[Refund]');
  expect(first?.reads).toContain('[Lock]');

  desk.stripe.world.openDispute(desk.charge.id);
  await desk.hear();
  const after = desk.billing().find(({ ts }) => ts === first?.ts);
  expect(after?.reads).toContain('It was disputed');
  expect(after?.reads).not.toContain('[Refund]');
  expect(desk.billing()).toHaveLength(before + 2);
});

test('a warning whose payment is refunded in full is over', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  desk.stripe.world.warnOfFraud(desk.charge.id);
  await desk.hear();
  desk.stripe.world.refund(desk.charge.id);
  await desk.hear();

  expect(desk.billing()[before]?.reads).toContain('It was refunded in full');
});

test('a dispute of nobody of ours has its card, which asks for a link; linked, everything follows', async () => {
  const desk = await disputeDesk({ isLinked: false });
  const { id } = desk.stripe.world.openDispute(desk.charge.id);
  desk.stripe.world.warnOfFraud(desk.charge.id);
  await desk.hear();
  const find = () => desk.billing().find(({ reads }) => reads.includes('disputes $19.00'));
  const card = find();
  expect(card?.reads).toContain(`customer link EMAIL ${disputed.stripe}`);
  expect(desk.billing().some(({ reads }) => reads.includes('A bank warns of fraud'))).toBe(true);

  await desk.given(`customer link ${disputed.email} ${disputed.stripe}`);
  await desk.hear();
  expect(find()?.ts).toBe(card?.ts);
  expect(find()?.reads).toContain(disputed.email);
  const lots = await desk.database.knex('credit_lots').whereNotNull('frozen_at');
  expect(lots.length).toBeGreaterThan(0);
  const row = await desk.database.knex('disputes').where({ id }).first();
  expect(row.customer_id).toMatch(/^cust_/);
});

test('the same news twice is told once, of a warning and of a dispute', async () => {
  const desk = await disputeDesk();
  const saysNothingNew = async () => {
    const before = await desk.database.knex('outbox').select('id');
    await desk.database.knex('customer_sync').update({ dirty_seq: desk.database.knex.raw('dirty_seq + 1') });
    await desk.hear();
    expect(await desk.database.knex('outbox').select('id')).toEqual(before);
  };
  desk.stripe.world.warnOfFraud(desk.charge.id);
  await desk.hear();
  await saysNothingNew();
  desk.stripe.world.openDispute(desk.charge.id);
  await desk.hear();
  await saysNothingNew();
});
