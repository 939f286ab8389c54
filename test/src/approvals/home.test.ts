import { expect, test } from 'vitest';
import { askedWorld } from '#test/world/approvals.ts';

test('Home shows Bea what waits for her, and she approves from there', async () => {
  const world = await askedWorld();
  const bea = world.slack.as('bea');
  await bea.openHome();
  const home = await world.slack.waitFor(() => bea.home());
  expect(home.reads).toContain('Waits for you');
  expect(home.reads).toContain('Grant 900 credits to sofia@firm.com?');
  expect(home.reads).toContain('Sam asks: outage in May');

  await bea.click('home', 'Approve: Grant 900 credits');

  await world.slack.waitFor(() => bea.modal()?.reads.includes('Approved. 900 credits granted'));
  expect(await world.balance()).toBe(900);
  await world.slack.waitFor(() => bea.home()?.reads.includes('Nothing waits for your answer.'));
});

test('Home shows Sam what he asked for and what became of it, and he withdraws from there', async () => {
  const world = await askedWorld();
  const sam = world.slack.as('sam');
  await sam.openHome();
  const home = await world.slack.waitFor(() =>
    sam.home()?.reads.includes('You asked for') ? sam.home() : null,
  );
  expect(home?.reads).toContain('Waits for one approval by billing.');
  expect(home?.reads).toContain('Nothing waits for your answer.');

  await sam.click('home', 'Withdraw');

  await world.slack.waitFor(() => sam.modal()?.reads.includes('Withdrawn: nothing was changed.'));
  await world.slack.waitFor(() => sam.home()?.reads.includes('Sam withdrew this'));
});

test('denying from Home asks for the reason, too', async () => {
  const world = await askedWorld();
  const bea = world.slack.as('bea');
  await bea.openHome();
  await world.slack.waitFor(() => bea.home());

  await bea.click('home', 'Deny …');
  await world.slack.waitFor(() => bea.modal()?.title === 'Deny');
  await bea.submit({ Reason: 'they were not touched' });

  await world.slack.waitFor(() => bea.modal()?.reads.includes('Denied, and Sam is told why'));
});

test('a typed “approval show” has the same buttons, and they work', async () => {
  const world = await askedWorld();
  const bea = world.slack.as('bea');
  await bea.say('support', `/lucy approval show ${await world.approvalId()}`);
  const shown = await world.slack.waitFor(() => {
    const last = bea.messages('support').at(-1);
    return last?.reads.includes('Sam asks') ? last : null;
  });

  await bea.click({ channel: 'support', ts: shown.ts }, 'Approve: Grant 900 credits');

  await world.slack.waitFor(() => bea.messages('support').at(-1)?.reads.includes('Approved.'));
  expect(await world.balance()).toBe(900);
});
