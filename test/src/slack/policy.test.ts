import { expect, test } from 'vitest';
import { people, userGroups } from '#sandbox/cast.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { findPerson, holdersOf } from '#src/policy/directory.ts';
import { castSettings, type SlackWorld, seen, slackWorld } from '#test/world/slack-world.ts';

/** The grant is bound to the support channel. */
const bound = settingsSchema.parse({
  roles: castSettings.roles,
  policy: { 'credits grant': { channels: ['#support'], steps: [{}] } },
});

const grant = '/lucy credits grant sofia@firm.com 100 --reason "lost upload"';

async function withSofia(options: Parameters<typeof slackWorld>[0] = {}) {
  const world = await slackWorld(options);
  await world.given('customer add sofia@firm.com');
  return { ...world, sam: world.slack.as('sam') };
}

const groupOf = (handle: string) => userGroups.find((group) => group.handle === handle)?.id ?? '';

async function stored({ database }: Pick<SlackWorld, 'database'>, handle: string) {
  const row = await database
    .knex('slack_groups')
    .where({ group_id: groupOf(handle) })
    .first();
  return row && { members: JSON.parse(row.members) as string[], readAt: row.read_at as number };
}

test('a command bound to a channel is refused elsewhere, says where to go, and works there', async () => {
  const { sam, database, slack } = await withSofia({ settings: bound });

  await sam.say('general', grant);
  expect(sam.lastMessage('general').reads).toContain('“credits grant” works in #support only');
  expect(sam.lastMessage('general').reads).toContain('Type it again in #support.');
  expect(await database.knex('audit_events').where({ outcome: 'refused' })).toHaveLength(1);

  await sam.say('support', grant);
  await sam.click({ channel: 'support', ts: sam.lastMessage('support').ts }, 'Grant 100 credits');
  await seen({ slack }, 'sam', 'support', '100 credits granted');
});

test('its form opens and is carried out where it was typed, and not from Home', async () => {
  const { sam, slack, database } = await withSofia({ settings: bound });

  await sam.say('support', '/lucy credits grant sofia@firm.com');
  await sam.submit({ Credits: '100', Reason: 'lost upload' });
  await sam.submit();
  await slack.waitFor(() => sam.modal()?.title === 'Done');
  await sam.closeModal();

  await sam.openHome();
  await slack.waitFor(() => sam.home()?.reads.includes('[Grant credits]'));
  await sam.click('home', 'Grant credits');
  await slack.waitFor(() => sam.modal()?.reads.includes('works in #support only'));
  expect(await database.knex('credit_entries')).toHaveLength(1);
});

test('a button is pressed in the channel of its message', async () => {
  const { sam, slack } = await withSofia({ settings: bound });

  await sam.say('general', '/lucy credits grnt sofia@firm.com 100 --reason "lost upload"');
  await sam.click({ channel: 'general', ts: sam.lastMessage('general').ts }, 'credits grant');
  await seen({ slack }, 'sam', 'general', 'works in #support only');

  await sam.say('support', '/lucy credits grnt sofia@firm.com 100 --reason "lost upload"');
  await sam.click({ channel: 'support', ts: sam.lastMessage('support').ts }, 'credits grant');
  await seen({ slack }, 'sam', 'support', 'Grant 100 credits to sofia@firm.com?');
});

test('what Slack says of the user groups is known outside of Slack, too', async () => {
  const world = await withSofia();
  const now = () => world.clock.now();
  const sql = world.database.knex;
  expect(await findPerson(sql, castSettings, people.sam.id, now())).toMatchObject({ roles: [] });

  await world.sam.say('support', '/lucy whoami');

  await expect.poll(() => stored(world, 'support')).toMatchObject({ members: [people.sam.id] });
  expect(await findPerson(sql, castSettings, people.sam.id, now())).toMatchObject({ roles: ['support'] });
  expect(
    (await holdersOf(sql, castSettings, 'billing', now())).people.map((holder) => holder.slackId),
  ).toEqual([people.bea.id, people.bo.id]);
});

test('who joins or leaves a user group is known at once, although nobody types', async () => {
  const world = await withSofia();

  await world.slack.setGroupMembers('support', [people.bo.id]);
  await expect.poll(() => stored(world, 'support')).toMatchObject({ members: [people.bo.id] });

  await world.slack.setGroupMembers('support', []);
  await expect.poll(() => stored(world, 'support')).toMatchObject({ members: [] });
});

test('a disabled user group has nobody', async () => {
  const world = await withSofia();
  world.slack.setGroupDisabled('support', true);

  await world.surface.refreshGroups();

  await expect.poll(() => stored(world, 'support')).toMatchObject({ members: [] });
  expect(await stored(world, 'billing')).toMatchObject({ members: [people.bea.id, people.bo.id] });
});

test('the same is written down once a minute at most', async () => {
  const world = await withSofia();
  const first = world.clock.now();
  await world.surface.refreshGroups();
  await expect.poll(() => stored(world, 'support')).toMatchObject({ readAt: first });

  world.clock.advance(59_999);
  await world.surface.refreshGroups();
  world.clock.advance(1);
  await world.surface.refreshGroups();

  await expect.poll(() => stored(world, 'support')).toMatchObject({ readAt: first + 60_000 });
});

test('what cannot be written down keeps nobody from their work, and Slack being away is no error', async () => {
  const world = await withSofia();
  await world.database.knex.schema.dropTable('slack_groups');

  await world.sam.say('support', '/lucy customer show sofia@firm.com');
  expect(world.sam.lastMessage('support').reads).toContain('sofia@firm.com');
  await expect.poll(() => world.logs.some((line) => line.event === 'slack_groups_unwritten')).toBe(true);

  world.slack.faults.down(true);
  await world.surface.refreshGroups();
  expect(world.logs.some((line) => line.event === 'slack_groups_unread')).toBe(true);
  world.slack.faults.down(false);
});
