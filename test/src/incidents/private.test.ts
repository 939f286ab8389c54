import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { roomSettings, roomsWorld } from '#test/world/rooms-world.ts';

const NAME = 'inc-1-canary-laptop';

/** A private incident with a note, and a command of another incident beside it. */
async function declared(options: Parameters<typeof roomsWorld>[0] = {}) {
  const world = await roomsWorld(options);
  await world.does('olu', 'incident declare "canary laptop" --private');
  await world.work();
  await world.does('olu', 'incident note "canary attacker has a key" --incident INC-1');
  await world.does('olu', 'incident change INC-1 --severity sev1 --note "canary bad"');
  await world.work();
  const asks = async (handle: string, line: string, channel: string) => {
    const person = world.slack.as(handle);
    await person.say(channel, `/lucy ${line}`);
    await world.slack.settled();
    return person.lastMessage(channel).reads;
  };
  return { ...world, asks };
}

test('what a private incident says is read in its room and by its people, and nowhere else', async () => {
  const world = await declared();

  const posts = await world.database.knex('outbox').whereNot({ state: 'folded' }).select('target', 'payload');
  const told = posts.filter(({ payload }) => /canary|INC-1/i.test(payload)).map(({ target }) => target);
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter((target) => target === 'incidents')).toEqual([]);
  expect(
    world.slack
      .messages('incidents')
      .map(({ reads }) => reads)
      .join(),
  ).not.toMatch(/canary|INC-1/i);
  expect(
    world.slack
      .as('olu')
      .messages(NAME)
      .map(({ reads }) => reads)
      .join(),
  ).toContain('canary attacker');

  for (const line of [
    'incident status INC-1',
    'incident status',
    'incident list',
    'incident postmortem INC-1',
    'trace INC-1',
    'investigate ZD-1 --request req-8f14e45f',
    'status',
  ])
    expect(await world.asks('sam', line, 'support'), line).not.toMatch(/canary/i);
  expect(await world.asks('sam', 'incident status INC-1', 'support')).toContain(
    'INC-1 is private; its people know.',
  );
  expect(await world.asks('sam', 'trace INC-1', 'support')).toContain('INC-1 is private');
  expect(await world.asks('bea', 'audit search', 'lucy-billing')).not.toMatch(/canary/i);
  expect(await world.asks('olu', 'incident status INC-1', 'lucy-oncall')).toContain('canary attacker');
  expect(await world.asks('ada', 'trace INC-1', 'lucy-oncall')).toContain('canary attacker');
});

test('without rooms a private incident is told directly to whoever declared it', async () => {
  const world = await roomsWorld();
  world.slack.faults.add({
    method: 'conversations.create',
    times: 9,
    kind: 'error',
    error: 'restricted_action',
  });
  await world.does('olu', 'incident declare "canary laptop" --private --commander nobody');
  await world.work();
  world.clock.advance(3_600_000);
  await world.tick();
  await world.work();

  const targets = await world.database.knex('outbox').whereLike('payload', '%INC-1%').pluck('target');
  expect(targets.length).toBeGreaterThanOrEqual(2);
  expect([...new Set(targets)].every((target) => target.startsWith('user:'))).toBe(true);
});

test('its postmortem is written, and its actions are ended, by its people alone, whoever else may for others', async () => {
  const roles = ['oncall', 'support'];
  const policy = Object.fromEntries(
    ['write', 'action', 'done', 'file'].map((verb) => [`postmortem ${verb}`, { roles }]),
  );
  const world = await declared({ settings: settingsSchema.parse({ ...roomSettings, policy }) });
  await world.does('olu', 'incident resolve INC-1 --reason "canary key revoked"');
  await world.does('olu', 'postmortem action "canary rotate keys" --incident INC-1');
  const { id } = await world.database.knex('postmortem_actions').first();

  for (const line of [
    `postmortem done ${id} --reason "merged"`,
    'postmortem write INC-1 --summary "mine"',
    'postmortem action "mine" --incident INC-1',
    'postmortem file INC-1 --waive --reason "nothing"',
  ]) {
    const reads = await world.asks('sam', line, 'support');
    expect(reads, line).toContain('INC-1 is private; its people know.');
    expect(reads, line).not.toMatch(/canary/i);
  }
  expect(await world.database.knex('postmortem_actions')).toMatchObject([{ done_at: null }]);

  await world.does('olu', 'incident declare "checkout is down" --severity sev1');
  await world.does('olu', `postmortem done ${id} --reason "canary merged"`);
  await world.does('olu', 'postmortem file INC-1 --waive --reason "canary is in the ticket"');
  await world.work();
  expect(await world.database.knex('postmortems').first()).toMatchObject({ state: 'waived' });
  const elsewhere = await world.database
    .knex('outbox')
    .whereIn('target', ['incidents', 'entitlements', 'oncall'])
    .whereLike('payload', '%canary%');
  expect(elsewhere).toEqual([]);
  expect(await world.asks('sam', 'incident status INC-2', 'support')).not.toMatch(/canary/i);
});
