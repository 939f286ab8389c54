import { expect, test } from 'vitest';
import { people } from '#sandbox/cast.ts';
import type { Reply } from '#src/replies/reply.ts';
import { followRunbooks } from '#src/runbooks/follow.ts';
import { castOfGlass, glassWorld } from '#test/world/glass-world.ts';
import { slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { seen } from '#test/world/slack-world.ts';
import { idIn } from '#test/world/sofia-world.ts';

const CONFLICT = 1;
const NOT_FOUND = 5;
const DAY_MS = 86_400_000;
const sam = `user:${people.sam.id}`;

async function startedWorld(line = 'runbook start reset-tier sofia@firm.com --ticket ZD-812') {
  const world = await glassWorld(castOfGlass());
  const started = await world.type('sam', line);
  const id = idIn(started, 'rbk');
  const follow = async () => {
    world.clock.advance(3_000);
    return followRunbooks(world.deps);
  };
  const steps = () => world.database.knex('runbook_steps').where({ run_id: id }).orderBy('seq');
  const run = () => world.database.knex('runbook_runs').where({ id }).first();
  const cards = async (): Promise<Reply[]> => {
    const rows = await world.database
      .knex('outbox')
      .where({ card_key: `runbook:${id}` })
      .orderBy('id');
    return rows.map((row: { payload: string }) => JSON.parse(row.payload));
  };
  return { ...world, started, id, follow, steps, run, cards };
}

test('its list goes to whoever started it, with the next step’s commands and ticks', async () => {
  const { started, id, cards, database } = await startedWorld();

  expect(started.out).toContain(
    'Started “Reset plan tier” for sofia@firm.com (ZD-812); it stands in the messages with Lucy.',
  );
  const [card] = await cards();
  expect(card?.title).toBe('Reset plan tier for sofia@firm.com (ZD-812): 0 of 2 steps done. Sam started it.');
  expect(card?.buttons).toEqual([
    { kind: 'command', label: '1. Tier reset', line: 'tier reset sofia@firm.com --ticket=ZD-812' },
    { kind: 'command', label: '1. Tier set', line: 'tier set sofia@firm.com --ticket=ZD-812' },
    { kind: 'command', label: '✓ 1', line: `runbook tick ${id} 1` },
    { kind: 'command', label: '2. Customer show', line: 'customer show sofia@firm.com' },
    { kind: 'command', label: '✓ 2', line: `runbook tick ${id} 2` },
    { kind: 'command', label: 'Suggest a step …', line: 'runbook suggest reset-tier --ticket=ZD-812' },
    { kind: 'command', label: 'Close …', line: `runbook close ${id}` },
  ]);
  expect(await database.knex('outbox').where({ target: sam })).toHaveLength(1);
});

test('a step ticks itself when its command is done for this customer, with who did it; then the list ends', async () => {
  const { type, follow, steps, run, cards, database, id } = await startedWorld();
  await type('sam', 'customer add other@firm.com --reason "new"');
  await type('bea', 'tier set other@firm.com pro --until 7d --reason "by hand"');
  expect(await follow()).toBe(0);

  await type('bea', 'tier set sofia@firm.com pro --until 7d --reason "by hand"');
  expect(await follow()).toBe(1);

  expect(await steps()).toMatchObject([
    { ticked_name: 'Bea', ticked_by: 'evidence', note: expect.stringMatching(/^tier set run_/) },
    { ticked_name: 'Lucy', ticked_by: 'evidence', note: 'free → pro, full → full' },
  ]);
  expect(await run()).toMatchObject({ state: 'done' });
  expect((await cards()).at(-1)).toMatchObject({
    title: 'Reset plan tier for sofia@firm.com (ZD-812): all 2 steps are done.',
    buttons: [],
  });
  expect(await database.knex('outbox').where({ thread_of: `runbook:${id}` })).toHaveLength(1);
  expect(await follow()).toBe(0);
});

test('what was done before it was started ticks nothing', async () => {
  const world = await glassWorld(castOfGlass());
  await world.type('bea', 'tier set sofia@firm.com pro --until 7d --reason "by hand"');
  world.clock.advance(60_000);

  const started = await world.type('sam', 'runbook start reset-tier sofia@firm.com');
  world.clock.advance(3_000);
  await followRunbooks(world.deps);

  const shown = (await world.lucy(`runbook show ${idIn(started, 'rbk')} --json`)).json<{
    steps: { tickedBy: string | null }[];
  }>();
  expect(shown.steps.map((step) => step.tickedBy)).toEqual([null, null]);
});

test('by hand: who and when; twice is refused; opened again; and the last tick ends it', async () => {
  const { type, steps, run, id, lucy } = await startedWorld('runbook start scaling --ticket ZD-1');

  const first = await type('olu', `runbook tick ${id} 1 --note "12 workers"`);
  const twice = await type('bea', `runbook tick ${id} 1`);
  await type('bea', `runbook tick ${id} 1 --open`);
  const again = await type('bea', `runbook tick ${id} 1 --open`);
  for (const number of [1, 2, 3]) await type('bea', `runbook tick ${id} ${number}`);
  const late = await type('bea', `runbook tick ${id} 3`);

  expect(first.out).toContain('Step 1 is done.');
  expect(twice.code).toBe(CONFLICT);
  expect(twice.err).toContain('Step 1 was ticked already by Olu, so nothing was changed.');
  expect(again.err).toContain('Step 1 is not ticked.');
  expect(await steps()).toMatchObject([
    { ticked_name: 'Bea', ticked_by: 'hand' },
    { ticked_name: 'Bea' },
    { ticked_name: 'Bea' },
  ]);
  expect(await run()).toMatchObject({ state: 'done', ended_name: 'Bea' });
  expect(late.err).toContain('This runbook ended at 2026-11-21 09:00 UTC, so nothing was changed.');
  expect((await lucy(`runbook show ${id}`)).out).toContain('Scaling (ZD-1): all 3 steps are done.');
});

test('the same one is not started twice; another ticket is another list', async () => {
  const { type, database, id } = await startedWorld();

  const again = await type('bea', 'runbook start reset-tier sofia@firm.com --ticket ZD-812');
  const other = await type('bea', 'runbook start reset-tier sofia@firm.com --ticket ZD-900');

  expect(again.out).toContain('is open already');
  expect(idIn(again, 'rbk')).toBe(id);
  expect(idIn(other, 'rbk')).not.toBe(id);
  expect(await database.knex('runbook_runs')).toHaveLength(2);
});

test('closed with a reason, or by itself when nobody ended it for two weeks', async () => {
  const { type, run, cards, clock, deps, id } = await startedWorld();
  const other = idIn(await type('sam', 'runbook start scaling'), 'rbk');

  await type('sam', `runbook close ${id} --reason "another customer"`);
  clock.advance(15 * DAY_MS);
  await followRunbooks(deps);

  expect(await run()).toMatchObject({ state: 'closed', ended_name: 'Sam', end_reason: 'another customer' });
  expect((await cards()).at(-1)?.title).toContain('Sam closed it with 0 of 2 steps done: another customer');
  expect((await type('sam', `runbook close ${other} --reason "late"`)).err).toContain('This runbook ended');
});

test('in a channel for everybody; an unknown runbook and an unknown list are refused', async () => {
  const { type, cards, run } = await startedWorld('runbook start downtime --channel incidents');

  expect(await run()).toMatchObject({ target: 'incidents' });
  expect(await cards()).toHaveLength(1);
  const unknown = await type('sam', 'runbook start cooking');
  const none = await type('sam', 'runbook tick rbk_0 1');
  expect(unknown.code).toBe(NOT_FOUND);
  expect(none.err).toContain('Nobody works through rbk_0.');
});

test('in Slack: started by a button, ticked by one click, the card edited in place', async () => {
  const world = await slackWorldWithSofia();
  const person = world.slack.as('sam');
  await person.say('support', '/lucy runbook show scaling');
  const shown = await seen(world, 'sam', 'support', 'Scaling');
  await person.click({ channel: 'support', ts: shown.ts }, 'Start it');
  await seen(world, 'sam', 'support', 'Started “Scaling”');
  await world.pumpAll();
  const [card] = person.dm();
  expect(card?.reads).toContain('0 of 3 steps done');

  const at = { channel: card?.channel ?? '', ts: card?.ts ?? '' };
  await Promise.all([person.click(at, '✓ 2'), person.click(at, '✓ 2')]);
  await world.slack.waitFor(() => person.dm().some(({ reads }) => reads.includes('Step 2')) || null);
  await world.pumpAll();

  expect(person.dm()[0]?.reads).toContain('1 of 3 steps done');
  expect(
    await world.database.knex('audit_events').where({ command: 'runbook tick', outcome: 'done' }),
  ).toHaveLength(1);
});
