import { expect, test } from 'vitest';
import { runTerminal } from '#src/terminal/run-terminal.ts';
import { type DisputeDesk, disputeDesk, disputed } from '#test/world/dispute-desk.ts';
import { staff } from '#test/world/terminal-world.ts';

const DAY_MS = 86_400_000;
const settled = /Refunded on .*; nothing more to do, the bank closes it by itself/;

/** What a person at the terminal reads. */
async function reads({ runner }: DisputeDesk, line: string): Promise<string> {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  await runTerminal(runner, staff('admin'), line.split(' '), { write, writeError: write, ask: null });
  return said;
}

test('an inquiry whose payment went back in full asks nobody for anything any more, everywhere', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  const { id } = desk.stripe.world.openDispute(desk.charge.id, { inquiry: true, dueInDays: 5 });
  await desk.hear();
  const card = () => desk.billing()[before];
  desk.stripe.world.refund(desk.charge.id, 500);
  await desk.hear();
  expect(card()?.reads).toContain('[Refund]');

  desk.stripe.world.refund(desk.charge.id);
  await desk.hear();
  expect(card()?.reads).toMatch(/was refunded on .*: nothing more to do; the bank closes it by itself/);
  expect(card()?.reads).toMatch(settled);
  expect(card()?.reads).not.toContain('Answer by');
  for (const button of ['Refund', 'Accept', 'Contest', 'Fraud'])
    expect(card()?.reads).not.toContain(`[${button}]`);
  expect(desk.thread(card()?.ts ?? '').at(-1)).toMatch(settled);
  expect(await desk.database.knex('timers').where('kind', 'like', 'dispute%')).toEqual([]);

  const told = desk.thread(card()?.ts ?? '').length;
  desk.clock.advance(6 * DAY_MS);
  await desk.hear();
  expect(desk.thread(card()?.ts ?? '')).toHaveLength(told);

  expect(await reads(desk, `dispute show ${id}`)).toMatch(settled);
  const list = await reads(desk, 'dispute list');
  expect(list).toContain('1 dispute is open; 0 wait for a decision.');
  expect(list).toMatch(settled);
  expect(await reads(desk, `customer show ${disputed.email}`)).toMatch(settled);
  const diagnosis = await reads(desk, `customer diagnose ${disputed.email}`);
  expect(diagnosis).not.toContain('under dispute');
  expect(diagnosis).not.toContain('answer due');

  desk.stripe.world.closeDispute(id, 'warning_closed');
  await desk.hear();
  expect(card()?.reads).toContain('inquiry about $19.00');
  expect(card()?.reads).toContain('is closed; nothing was taken');
});

test('a refund that fails at the bank opens the question again; a formal dispute wants an answer of its own', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  const { id } = desk.stripe.world.openDispute(desk.charge.id, { inquiry: true, dueInDays: 5 });
  const refund = desk.stripe.world.refund(desk.charge.id);
  await desk.hear();
  const card = () => desk.billing()[before]?.reads ?? '';
  expect(card()).toMatch(settled);

  desk.stripe.world.failRefund(refund.id);
  await desk.hear();
  expect(card()).toContain('[Refund]');
  expect(card()).toContain('Answer by');
  expect(await desk.database.knex('timers').where('kind', 'like', 'dispute%')).not.toEqual([]);

  desk.stripe.world.refund(desk.charge.id);
  await desk.hear();
  expect(card()).toMatch(settled);
  desk.stripe.world.escalateInquiry(id);
  await desk.hear();
  expect(card()).toContain('[Contest]');
  expect(card()).toContain('Answer by');
});
