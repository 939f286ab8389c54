import { expect, test } from 'vitest';
import { approvals, askedWorld, overLimitLine, told } from '#test/world/approvals.ts';
import { slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { seen } from '#test/world/slack-world.ts';

test('Sam asks for more than he may give, Bea approves on the card, and the credits are there once', async () => {
  const world = await askedWorld();
  expect(world.card().reads).toContain('Sam asks: Grant 900 credits to sofia@firm.com?');
  expect(world.card().reads).toContain('outage in May');
  expect(world.card().reads).toContain('ZD-900');
  expect(await world.balance()).toBe(0);
  const { ts } = world.card();

  await world.slack.as('bea').click(world.at(), 'approve:0');
  await told(world, 'bea', 'Approved. 900 credits granted to sofia@firm.com.');
  await world.pumpAll();

  expect(await world.balance()).toBe(900);
  expect(world.slack.messages(approvals).filter((message) => !message.isEphemeral)).toHaveLength(1);
  expect(world.card()).toMatchObject({ ts });
  expect(world.card().reads).toContain('900 credits granted to sofia@firm.com. Approved by Bea.');
  expect(world.card().reads).not.toContain('Withdraw');
  expect(world.slack.as('sam').dm().at(-1)?.reads).toContain('Bea approved it');
  const audit = await world.database.knex('audit_events').where({ command: 'credits grant' }).first();
  expect(audit).toMatchObject({ actor_id: 'slack:U0SAM00001', reason: 'outage in May', ticket: 'ZD-900' });
  expect(JSON.parse(audit.approved_by)).toMatchObject([{ name: 'Bea' }]);
  expect(
    await world.database.knex('audit_events').where({ command: 'approval approve' }).first(),
  ).toMatchObject({ actor_id: 'slack:U0BEA00001', correlation_id: audit.correlation_id });
});

test('below the limit it stays one click', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', overLimitLine.replace('900', '100'));
  const preview = await seen(world, 'sam', 'support', '?');

  await sam.click({ channel: 'support', ts: preview.ts }, 'Grant 100 credits');

  await seen(world, 'sam', 'support', '100 credits granted');
  expect(await world.database.knex('approvals')).toEqual([]);
});

test.each([
  ['sam', 'nobody approves or denies their own request'],
  ['olu', 'needs the role billing'],
])('%s clicks Approve, is told why not, and nothing changes', async (handle, sentence) => {
  const world = await askedWorld();

  await world.slack.as(handle).click(world.at(), 'approve:0');

  await told(world, handle, sentence);
  expect(await world.balance()).toBe(0);
  expect(await world.database.knex('approvals').first('state')).toEqual({ state: 'pending' });
  expect(await world.database.knex('audit_events').where({ outcome: 'refused' }).pluck('command')).toEqual([
    'approval approve',
  ]);
});

test('of two who approve at the same moment one does it, and the other is told who did', async () => {
  const world = await askedWorld();
  const people = ['bea', 'bo'] as const;

  await Promise.all(people.map((handle) => world.slack.as(handle).click(world.at(), 'approve:0')));
  const answers = await Promise.all(
    people.map((handle) => told(world, handle, '').then((message) => message.reads)),
  );

  expect(answers.filter((text) => text.includes('Approved. 900 credits granted'))).toHaveLength(1);
  expect(answers.filter((text) => /Be?[ao] approved this /.test(text))).toHaveLength(1);
  expect(await world.balance()).toBe(900);
  expect(await world.database.knex('approval_votes')).toHaveLength(1);
});

test('Bea denies with a reason: nothing changes, Sam hears it, and the card says so', async () => {
  const world = await askedWorld();
  const bea = world.slack.as('bea');
  await bea.click(world.at(), 'deny:1');
  await world.slack.waitFor(() => bea.modal());
  await bea.submit({ Reason: '.' });
  expect(bea.modal()?.errors).toMatchObject({ 'input:reason': expect.stringContaining('Say why') });

  await bea.submit({ Reason: 'the outage did not touch them' });

  await world.slack.waitFor(() => bea.modal()?.reads.includes('Denied, and Sam is told why'));
  await world.pumpAll();
  expect(world.card().reads).toContain('Bea denied this');
  expect(world.card().reads).toContain('the outage did not touch them');
  expect(world.card().reads).not.toContain('Approve:');
  expect(world.slack.as('sam').dm().at(-1)?.reads).toContain('the outage did not touch them');
  expect(await world.balance()).toBe(0);
});

test('whoever may not deny is told before they type a reason', async () => {
  const world = await askedWorld();

  await world.slack.as('olu').click(world.at(), 'deny:1');

  await told(world, 'olu', 'needs the role billing');
  expect(world.slack.as('olu').modal()).toBeNull();
});

test('Sam withdraws; Bea, who clicks then, is told so; others cannot withdraw it for him', async () => {
  const world = await askedWorld();
  await world.slack.as('bea').click(world.at(), 'withdraw:2');
  await told(world, 'bea', 'Only Sam, who asked, can withdraw this');

  await world.slack.as('sam').click(world.at(), 'withdraw:2');
  await told(world, 'sam', 'Withdrawn: nothing was changed.');
  await world.slack.as('bea').click(world.at(), 'approve:0');

  await told(world, 'bea', 'Sam withdrew this');
  await world.pumpAll();
  expect(world.card().reads).toContain('Sam withdrew this');
  expect(await world.balance()).toBe(0);
});

test('at its time it expires by itself: the card loses its buttons, and a click says so', async () => {
  const world = await askedWorld();
  world.clock.advance(24 * 3_600_000);

  await world.slack.as('bea').click(world.at(), 'approve:0');

  await told(world, 'bea', 'The time to answer this is over');
  await world.tick();
  await world.pumpAll();
  expect(world.card().reads).toContain('Nobody answered this in time');
  expect(world.card().reads).not.toContain('Approve:');
  expect(world.slack.as('sam').dm().at(-1)?.reads).toContain('Nobody answered this in time');
  expect(await world.balance()).toBe(0);
});

test('reminders come after 15, 30 and 60 minutes in the thread, then admins are asked', async () => {
  const world = await askedWorld();
  const thread = () =>
    world.slack.messages(approvals).filter((message) => message.threadTs === world.card().ts);

  for (const minutes of [15, 30, 60, 120, 240]) {
    world.clock.advance(minutes * 60_000);
    await world.tick();
    await world.pumpAll();
  }

  const reminders = thread();
  expect(reminders).toHaveLength(4);
  expect(reminders[0]?.text).toContain('<!subteam^S0BILLING1>');
  expect(reminders[0]?.reads).toContain('waits for one approval by billing since 15 minutes');
  expect(reminders[3]?.reads).toContain('admin, please decide');
  expect(reminders[3]?.text).toContain('<@U0ADA00001>');
});

test('another process takes the click after the first one is gone', async () => {
  const world = await askedWorld();
  const { eventsUrl } = await world.another();
  await world.surface.stop();
  world.moveTo(eventsUrl);

  await world.slack.as('bea').click(world.at(), 'approve:0');

  await told(world, 'bea', 'Approved.');
  expect(await world.balance()).toBe(900);
});

test('a click before anybody can have read the card does nothing', async () => {
  const world = await askedWorld();
  world.clock.advance(-4_500);

  await world.slack.as('bea').click(world.at(), 'approve:0');

  await told(world, 'bea', 'Read the card, then click again.');
  expect(await world.balance()).toBe(0);
});

test('a role that was taken away since counts at the click', async () => {
  const world = await askedWorld();
  await world.slack.setGroupMembers('billing', ['U0BO000001']);

  await world.slack.as('bea').click(world.at(), 'approve:0');

  await told(world, 'bea', 'needs the role billing');
  expect(await world.balance()).toBe(0);
});
