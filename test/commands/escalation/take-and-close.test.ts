import { expect, test } from 'vitest';
import { people } from '#sandbox/cast.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import type { Reply } from '#src/replies/reply.ts';
import { castOfGlass, glassWorld, type Who } from '#test/world/glass-world.ts';
import { idIn } from '#test/world/sofia-world.ts';

const CONFLICT = 1;
const HOUR_MS = 3_600_000;
const sam = `user:${people.sam.id}`;

async function handedWorld(patch: Record<string, unknown> = {}) {
  const settings = castOfGlass({ teams: { data_platform: { group: 'S0DATAPLT1' } }, ...patch });
  const world = await glassWorld(settings);
  const replies = async (where: Record<string, unknown>): Promise<Reply[]> => {
    const rows: { payload: string }[] = await world.database.knex('outbox').where(where).orderBy('id');
    return rows.map((row) => JSON.parse(row.payload));
  };
  const handed = await world.type(
    'sam',
    'escalate data_platform sofia@firm.com --about "the balance is stuck" --ticket ZD-812',
  );
  const id = idIn(handed, 'esc');
  const type = async (who: Who, line: string) => world.type(who, line.replace('ID', id));
  const row = () => world.database.knex('escalations').where({ id }).first();
  return { ...world, id, type, row, replies };
}

test('who takes it stands on the card, and whoever asked is told directly', async () => {
  const { type, row, replies, id } = await handedWorld();

  const typed = await type('olu', 'escalation take ID');

  expect(typed.out).toContain('You have “the balance is stuck” (sofia@firm.com, ZD-812), and Sam is told.');
  expect(await row()).toMatchObject({ state: 'taken', taker_name: 'Olu', version: 2 });
  const card = (await replies({ card_key: `escalation:${id}` })).at(-1);
  expect(card).toMatchObject({
    title: 'Olu has “the balance is stuck” (sofia@firm.com, ZD-812), which Sam handed to Data platform.',
  });
  expect(card?.mentions).toBeUndefined();
  expect((await replies({ target: sam })).map((reply) => reply.title)).toEqual([
    'Olu has it now: “the balance is stuck” (sofia@firm.com, ZD-812).',
  ]);
});

test('what was tried stands on the card with what it changed', async () => {
  const { type, database, replies, id } = await handedWorld();
  await type('olu', 'escalation close ID --reason "asked too early"');
  await type('bea', 'customer verify-email sofia@firm.com --reason "answered our mail"');

  const again = idIn(
    await type('sam', 'escalate data_platform sofia@firm.com --about "still stuck" --ticket ZD-812'),
    'esc',
  );

  expect(again).not.toBe(id);
  const card = (await replies({ card_key: `escalation:${again}` })).at(-1);
  const tried = card?.sections?.find((section) => section.heading === 'What was tried');
  expect(JSON.stringify(tried)).toMatch(/Bea: customer verify-email, done \(.* → /);
  expect(await database.knex('escalations')).toHaveLength(2);
});

test('taking it twice changes nothing; somebody else takes it over', async () => {
  const { type, row } = await handedWorld();
  await type('olu', 'escalation take ID');

  const twice = await type('olu', 'escalation take ID');
  const unaware = await type('bea', 'escalation take ID');
  const over = await type('bea', 'escalation take ID --over');

  expect(unaware.code).toBe(CONFLICT);
  expect(unaware.err).toContain('Olu has it already, so nothing was changed.');
  expect(unaware.err).toContain('--over');
  expect(twice.code).toBe(CONFLICT);
  expect(twice.err).toContain('You have this already, so nothing was changed.');
  expect(over.out).toContain('Taken by: Olu → Bea');
  expect(await row()).toMatchObject({ taker_name: 'Bea', version: 3 });
});

test('two take it at the same moment: one has it, the other is told that something changed', async () => {
  const { type, row } = await handedWorld();

  const both = await Promise.all([type('olu', 'escalation take ID'), type('bea', 'escalation take ID')]);

  expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
  const loser = both.find(({ code }) => code === 1);
  expect(`${loser?.out}${loser?.err}`).toMatch(
    /Something changed since the preview|took it a moment ago|has it already/,
  );
  expect(await row()).toMatchObject({ state: 'taken', version: 2 });
});

test('undo of the hand-over closes it', async () => {
  const { type, row, database } = await handedWorld();
  const run = await database.knex('runs').where({ command: 'escalate' }).first();

  const undone = await type('sam', `undo ${run.id} --reason "found it myself"`);

  expect(undone.code).toBe(0);
  expect(await row()).toMatchObject({ state: 'closed', close_reason: 'found it myself' });
});

test('closing takes a reason, which whoever asked reads; after that nothing more happens to it', async () => {
  const { type, row, replies } = await handedWorld();
  await type('olu', 'escalation take ID');

  await type('olu', 'escalation close ID --reason "an entry was doubled, reversed"');
  const late = await type('bea', 'escalation take ID');

  expect(await row()).toMatchObject({ state: 'closed', closer_name: 'Olu' });
  expect((await replies({ target: sam })).at(-1)?.title).toBe(
    'Olu closed “the balance is stuck” (sofia@firm.com, ZD-812): an entry was doubled, reversed',
  );
  expect(late.code).toBe(CONFLICT);
  expect(late.err).toContain(
    'Olu closed this at 2026-11-21 09:00 UTC, so nothing was changed: an entry was doubled',
  );
});

test('nobody takes it: the team is called once more in its thread, and never again', async () => {
  const { clock, deps, replies, id } = await handedWorld({ escalations: { remind_after: '2h' } });
  const inThread = () => replies({ thread_of: `escalation:${id}` });

  clock.advance(2 * HOUR_MS - 1);
  await runTimers(deps);
  expect(await inThread()).toEqual([]);
  clock.advance(1);
  await runTimers(deps);
  clock.advance(48 * HOUR_MS);
  await runTimers(deps);

  expect(await inThread()).toMatchObject([
    {
      title:
        'Nobody at Data platform has “the balance is stuck” (sofia@firm.com, ZD-812) after 2 hours; Sam waits.',
      mentions: { groups: ['S0DATAPLT1'] },
    },
  ]);
});

test('taken in time: nobody is reminded', async () => {
  const { clock, deps, replies, type, id } = await handedWorld();
  await type('olu', 'escalation take ID');

  clock.advance(48 * HOUR_MS);
  await runTimers(deps);

  expect(await replies({ thread_of: `escalation:${id}` })).toEqual([]);
});

test('the list shows who has what; showing one mentions nobody', async () => {
  const { lucy, type, id } = await handedWorld();
  await type('olu', 'escalation take ID');
  expect((await lucy('escalation list')).out).toContain('1 escalation is open; each is taken.');
  await type('sam', 'escalate devops --about "no logs since noon"');

  const list = await lucy('escalation list');
  const shown = (await lucy(`escalation show ${id} --json`)).json();

  expect(list.out).toContain('2 escalations are open; 1 not taken yet.');
  expect(list.out).toContain('DevOps: “no logs since noon”, nobody has it yet');
  expect(list.out).toContain('Olu has it');
  expect(shown).toMatchObject({ id, state: 'taken', takenBy: 'Olu', asked: 1 });
});

test('an id that is none, and one that is unknown, are refused with a way on', async () => {
  const { type } = await handedWorld();

  const malformed = await type('olu', 'escalation take 812');
  const unknown = await type('olu', 'escalation close esc_0 --reason "over"');

  expect(malformed.err).toContain('An escalation starts with esc_; “escalation list” shows them.');
  expect(unknown.err).toContain('There is no escalation esc_0.');
  expect(unknown.err).toContain('escalation list');
});

test('the settings know the reminder by a span only', () => {
  expect(settingsSchema.safeParse({ escalations: { remind_after: 'soon' } }).success).toBe(false);
});
