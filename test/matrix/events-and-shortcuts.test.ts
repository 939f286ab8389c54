import { expect, test } from 'vitest';
import { answered } from '#test/world/answered.ts';
import { bookkeeping, changedTables, fingerprint } from '#test/world/fingerprint.ts';
import { events, mayRun, mayUseShortcut, shortcuts } from './expected.ts';
import { members, slackKinds } from './principals.ts';
import { samsThings } from './sams-things.ts';
import { cardPlace, exampleOf, type MatrixWorld, matrixWorld } from './slack-matrix.ts';

async function withRequest(): Promise<MatrixWorld> {
  const world = await matrixWorld();
  const sams = samsThings(world.runner);
  await sams.done();
  await sams.asked();
  return world;
}

test('Home shows nobody without a role what a customer has or what waits', async () => {
  const world = await withRequest();
  const before = await fingerprint(world.database);

  for (const kind of slackKinds) {
    await world.slack.sendEvent({
      type: 'app_home_opened',
      user: members[kind].id,
      channel: 'D0MATRIX01',
      tab: 'home',
      event_ts: '1.000001',
    });
  }
  await world.slack.settled();

  const seeing = slackKinds.filter((kind) => {
    if (kind === 'unknown id') return false;
    return /sofia/i.test(world.slack.as(members[kind].id).home()?.reads ?? '');
  });
  // Whom policy denies every command is an admin all the same, and admins may look at what waits.
  expect([...seeing].sort()).toEqual(
    ['the requester', 'the requester’s other id', 'billing', 'admin', 'admin whom policy denies'].sort(),
  );
  expect(changedTables(before, await fingerprint(world.database))).toEqual([]);
});

test('an event that says that somebody is in a user group now gives them nothing', async () => {
  const world = await withRequest();
  const before = await fingerprint(world.database);
  const outsiders = slackKinds.filter((kind) => !mayRun['credits grant']?.includes(kind));
  const added = outsiders.map((kind) => members[kind].id);

  for (const type of events.filter((name) => name.startsWith('subteam_'))) {
    await world.slack.sendEvent({
      type,
      subteam_id: 'S0BILLING1',
      subteam: { id: 'S0BILLING1', users: added, date_delete: 0 },
      added_users: added,
      removed_users: [],
      event_ts: '1.000002',
    });
  }
  for (const kind of outsiders) await world.slash(kind, exampleOf('credits grant'));

  const refused = await Promise.all(outsiders.map((kind) => world.refusals(kind)));
  expect(refused).toEqual(outsiders.map(() => 1));
  expect(changedTables(before, await fingerprint(world.database))).toEqual([]);
});

test('a shortcut does what its row says, for whoever chooses it', async () => {
  const world = await withRequest();
  await world.given('incident declare "checkout is down"');
  const wrong: string[] = [];

  for (const callback of shortcuts) {
    for (const [index, kind] of slackKinds.entries()) {
      const ts = `1.00000${index + 1}`;
      const before = await fingerprint(world.database);
      const payload = {
        type: 'message_action',
        callback_id: callback,
        channel: { id: cardPlace, name: 'lucy-approvals' },
        message: { type: 'message', ts, text: 'see sofia@firm.com', user: 'U0SAM00001' },
        message_ts: ts,
      };
      const { status } = await answered(world, () => world.interact(kind, payload));
      const changed = changedTables(before, await fingerprint(world.database), [...bookkeeping, 'runs']);
      const may = mayUseShortcut[callback].includes(kind);
      if (status !== 200 || may !== changed.length > 0)
        wrong.push(`${callback} by ${kind}: ${status}, changed [${changed.join(', ')}]`);
    }
  }

  expect(wrong).toEqual([]);
});

test('a mention is a line like any other: nobody gets further with it than with the command', async () => {
  const world = await withRequest();
  const line = exampleOf('credits grant');

  for (const [index, kind] of slackKinds.entries()) {
    const before = await fingerprint(world.database);
    const event = {
      type: 'app_mention',
      user: members[kind].id,
      user_team: members[kind].teamId,
      text: `<@U0LUCYBOT1> ${line}`,
      channel: cardPlace,
      ts: `2.00000${index + 1}`,
    };
    await answered(world, () => world.slack.sendEvent(event));
    const changed = changedTables(before, await fingerprint(world.database));
    // A preview of their own, which only they can confirm.
    expect(changed, kind).toEqual(mayRun['credits grant']?.includes(kind) ? ['runs'] : []);
  }
});

/** What Slack could send, and Lucy does not offer. */
const unoffered = [
  { type: 'shortcut', callback_id: 'approve_everything' },
  {
    type: 'message_action',
    callback_id: 'approve_everything',
    channel: { id: cardPlace, name: 'lucy-approvals' },
    message: { type: 'message', ts: '1.000001', text: 'a card' },
    message_ts: '1.000001',
    response_url: 'https://hooks.slack.com/actions/T0LUCY0001/1/x',
  },
  {
    type: 'block_suggestion',
    action_id: 'approve:0',
    block_id: 'b',
    value: 'approve',
    container: { type: 'message', message_ts: '1.000001', channel_id: cardPlace },
  },
];

test.each(unoffered.map((payload) => [payload.type, payload] as const))(
  'a %s, which Lucy does not offer, changes nothing for anybody and breaks nothing',
  async (_type, payload) => {
    const world = await withRequest();
    const before = await fingerprint(world.database);

    for (const kind of slackKinds) {
      const { status } = await world.interact(kind, payload);
      expect(status, kind).toBe(200);
    }
    await world.slack.settled();

    expect(changedTables(before, await fingerprint(world.database))).toEqual([]);
    expect((await world.slash('admin', 'whoami')).body).toContain('You are Ada');
  },
);
