import { expect, test } from 'vitest';
import { noTelemetry } from '#src/gateways/telemetry.ts';
import { renderHere } from '#src/rendering/render.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { refundWorld } from '#test/world/refund-world.ts';

type Choice = {
  error: { code: string; message: string; choices: { label: string; line: string }[] };
  payments: { charge: string; state: string; leftMinor: number; paidAt: string }[];
};

test('several payments are shown with what is left of each, and nothing is guessed', async () => {
  const world = await refundWorld();
  const { world: account } = world.stripe;
  const plain = world.paid(4_900);
  const part = world.paid(4_900, { daysAgo: 2 });
  account.refund(part.id, 2_000);
  const whole = world.paid(1_900, { daysAgo: 3 });
  account.refund(whole.id);
  const disputed = world.paid(900, { daysAgo: 4 });
  account.openDispute(disputed.id);
  const inquiry = world.paid(800, { daysAgo: 5 });
  account.openDispute(inquiry.id, { inquiry: true });
  const pending = world.paid(700, { daysAgo: 6 });
  account.refund(pending.id, 300, { pending: true });

  const typed = await world.preview('sofia@firm.com --json');
  const told = typed.json<Choice>();

  expect(typed.code).toBe(2);
  expect(told.error.message).toContain('sofia@firm.com has 6 payments: which one is to be refunded?');
  expect(told.payments.map((row) => [row.charge, row.state, row.leftMinor])).toEqual([
    [plain.id, 'paid', 4_900],
    [part.id, 'partly refunded', 2_900],
    [whole.id, 'fully refunded', 0],
    [disputed.id, 'disputed', 900],
    [inquiry.id, 'inquiry', 800],
    [pending.id, 'pending refund', 400],
  ]);
  expect(told.error.choices.map((choice) => choice.line.split(' ')[2])).toEqual([
    plain.id,
    part.id,
    inquiry.id,
    pending.id,
  ]);
  expect(await world.database.knex('runs').where({ command: 'refund request' })).toEqual([]);
});

test('one that can be refunded among several is still a choice', async () => {
  const world = await refundWorld();
  const open = world.paid(4_900);
  world.stripe.world.refund(world.paid(1_900, { daysAgo: 3 }).id);

  const told = await world.refused('sofia@firm.com');

  expect(told).toContain('has 2 payments: which one is to be refunded?');
  expect(told).toContain(`lucy refund request ${open.id} '--reason=asked kindly'`);
});

test('when none can be refunded the table says why, and offers nothing', async () => {
  const world = await refundWorld();
  for (const daysAgo of [1, 2]) world.stripe.world.refund(world.paid(1_900, { daysAgo }).id);

  const told = await world.refused('sofia@firm.com');

  expect(told).toContain('Nothing can be refunded of the 2 payments of sofia@firm.com.');
  expect(told.match(/fully refunded/g)).toHaveLength(2);
  expect(told).not.toContain('Type one of these');
});

test('of many payments the newest ten are shown, and it is said that there are more', async () => {
  const world = await refundWorld();
  for (let daysAgo = 1; daysAgo <= 12; daysAgo++) world.paid(1_000 + daysAgo, { daysAgo });

  const told = await world.refused('sofia@firm.com');

  expect(told).toContain('has 10 recent payments');
  expect(told).toContain('Only the newest 10 are shown');
  expect(told).toContain('$10.10');
  expect(told).not.toContain('$10.11');
});

test('the payments of all Stripe customers of one person stand together, newest first', async () => {
  const world = await refundWorld();
  world.stripe.world.createCustomer({ id: 'cus_second', email: 'sofia@work.example' });
  await world.as('ada', 'customer link sofia@firm.com cus_second --reason "her second account"');
  const older = world.paid(4_900, { daysAgo: 9 });
  const newer = world.paid(1_900, { customer: 'cus_second' });

  const { payments } = (await world.preview('sofia@firm.com --json')).json<Choice>();

  expect(payments.map((row) => row.charge)).toEqual([newer.id, older.id]);
});

test.each([
  ['plain words', 'paid twice'],
  ['quotes inside', `she said "twice" and 'again'`],
  ['something that looks like a flag', '--yes please'],
  ['what a shell would run', '$(reboot) `id` \\ !!'],
  ['an apostrophe', 'it wasn’t hers'],
])('what was typed goes with the choice, and means the same: %s', async (_what, reason) => {
  const world = await refundWorld();
  world.paid(4_900);
  world.paid(1_900, { daysAgo: 2 });
  const command = world.runner.commands.find(({ name }) => name === 'refund request');
  if (command?.effect !== 'moves value') throw new Error('There is no such command');
  const raw = {
    payment: 'sofia@firm.com',
    amount: '5 usd',
    reason,
    ticket: 'ZD-812',
    stripeReason: 'duplicate',
    endSubscription: 'period_end',
  };
  const cause = { now: world.clock.now(), runId: null } as never;
  const context = {
    ...world.runner,
    sql: world.database.knex,
    cause,
    telemetry: noTelemetry,
    render: renderHere,
  };

  const choice = await command.gather(raw, context).catch((error: unknown) => error);
  const buttons = (choice as { reply: { buttons: { line: string }[] } }).reply.buttons;

  expect(buttons).toHaveLength(2);
  for (const { line } of buttons) {
    const typed = parseLine(world.runner.commands, line).raw;
    expect(typed).toEqual({
      ...raw,
      payment: expect.stringMatching(/^ch_/),
      reason: reason.replaceAll('"', "'").replaceAll('’', "'"),
    });
  }
});
