import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { type SlackWorld, slackWorld } from '#test/world/slack-world.ts';
import { slowCommand } from '#test/world/test-commands.ts';

/** A click of Sam's in #support, made by hand. */
async function clicked(
  world: SlackWorld,
  action: Record<string, unknown>,
  more: Record<string, unknown> = {},
) {
  const sam = world.slack.as('sam');
  const payload = {
    type: 'block_actions',
    user: { id: sam.id, team_id: 'T0LUCY0001' },
    team: { id: 'T0LUCY0001' },
    trigger_id: `1.2.${Math.random()}`,
    container: { type: 'message', is_ephemeral: true },
    channel: { id: 'C0SUPPORT1' },
    actions: [{ type: 'button', block_id: 'b', ...action }],
    ...more,
  };
  const sent = await world.slack.signedRequest({
    body: `payload=${encodeURIComponent(JSON.stringify(payload))}`,
  });
  await world.slack.waitFor(() => sam.dm().length > 0, { timeoutMs: 20_000 });
  return { status: sent.response?.status, sam };
}

test.each(['approve_refund', 'constructor:0', '', 'confirm'])(
  'a button “%s” that Lucy does not know, or whose run is gone, is answered politely',
  async (actionId) => {
    const world = await slackWorld();

    const { status, sam } = await clicked(world, {
      action_id: actionId,
      value: 'run_00000000000000000000000000',
    });

    expect(status).toBe(200);
    expect(sam.dm().at(-1)?.reads).toMatch(/nothing was changed|There is no run/);
  },
);

test.each([
  'https://evil.example/actions/T1/1/x',
  'https://hooks.slack.com.evil.example/x',
  'https://hooks.slack.com@evil.example/x',
  'https://user:password@hooks.slack.com/x',
  'http://hooks.slack.com/x',
  'http://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  'not a url',
])('an answer never goes to %s', async (responseUrl) => {
  const world = await slackWorld();

  const { status, sam } = await clicked(
    world,
    { action_id: 'old', value: '' },
    { response_url: responseUrl },
  );

  expect(status).toBe(200);
  expect(world.logs).toContainEqual(expect.objectContaining({ event: 'slack_response_url_refused' }));
  expect(sam.dm().at(-1)?.reads).toContain('belongs to an older Lucy');
});

test('a form button with a change’s line shares nothing, and shares no change', async () => {
  const world = await slackWorld();
  await world.given('customer add sofia@firm.com');

  const { sam } = await clicked(world, {
    action_id: 'share:0',
    value: 'credits grant sofia@firm.com 100 --reason "lost upload"',
  });

  expect(sam.dm().at(-1)?.reads).toContain('Only lookups can be shared.');
  expect(await world.database.knex('runs').where({ surface: 'slack' })).toEqual([]);
});

test('a dangerous confirm asks once more, and its buttons go at once', async () => {
  const world = await slackWorld({ commands: [slowCommand({ executeMs: 300 })] });
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy test slow --reason "a test"');
  const preview = sam.lastMessage('support');
  expect(JSON.stringify(preview.blocks)).toContain('“Do it slowly” cannot be taken back by itself.');

  await sam.click({ channel: 'support', ts: preview.ts }, 'Do it slowly');
  await world.slack.waitFor(() => sam.lastMessage('support').reads.includes('Working on it …'));
  expect(sam.lastMessage('support').reads).not.toContain('[');

  await world.slack.waitFor(() => sam.lastMessage('support').reads.includes('Done slowly.'));
});

test('other commands, shortcuts and suggestions are answered too', async () => {
  const world = await slackWorld({
    slack: { commands: [{ command: '/other', description: '', usageHint: '' }] },
  });
  const sam = world.slack.as('sam');

  await sam.say('support', '/other thing');
  expect(sam.lastMessage('support').reads).toContain('Lucy answers to /lucy, not to /other.');
  expect((await sam.shortcut('old_shortcut')).status).toBe(200);
});

test('while another process holds the database, Slack is answered in time and the answer follows', async () => {
  const world = await slackWorld();
  await world.given('customer add sofia@firm.com');
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy whoami');
  const holder = openDatabase(world.url);
  const lock = await holder.knex.transaction();
  if (holder.engine === 'postgres') await lock.raw('lock table slack_deliveries in access exclusive mode');
  else await lock.raw("update installation set value = value where name = 'none'");
  setTimeout(() => void lock.rollback(), 2_600);

  await sam.say('support', '/lucy customer show sofia@firm.com');
  const said = world.slack.deliveries.findLast((delivery) => delivery.kind === 'slash_command');
  expect(said?.response?.durationMs).toBeLessThan(2_900);
  expect(sam.lastMessage('support').reads).toContain('Working on');

  await world.slack.waitFor(() => sam.lastMessage('support').reads.includes('is on free'), {
    timeoutMs: 20_000,
  });
  await holder.close();
});
