import { expect, test } from 'vitest';
import { roomsWorld } from '#test/world/rooms-world.ts';

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
