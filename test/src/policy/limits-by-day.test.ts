import { expect, test } from 'vitest';
import { DAY_MS } from '#src/core/clock.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { terminalActor } from '#src/policy/people.ts';
import { type TerminalWorld, terminalWorld } from '#test/world/terminal-world.ts';

const settings = settingsSchema.parse({
  roles: { support: { members: ['U0SAM'] }, billing: { members: ['U0BEA', 'U0BO'] } },
  people: {
    sam: { name: 'Sam', slack: 'U0SAM', terminal: 'sam' },
    ada: { name: 'Ada', terminal: 'ada', roles: ['admin'] },
  },
});

const sam = terminalActor(settings, 'sam');
const waiting = 4;

async function withCustomers(): Promise<TerminalWorld> {
  const world = await terminalWorld({ settings });
  for (const email of ['sofia@firm.com', 'office@manual.example', 'pay@pastdue.example'])
    await world.lucy(`customer add ${email} --reason "a test needs them" --yes`);
  return world;
}

const grantBy =
  ({ lucy }: TerminalWorld) =>
  async (email: string, credits: number) =>
    (await lucy(`credits grant ${email} ${credits} --reason "lost upload" --yes`, sam)).code;

test('small grants add up: beyond the day’s limit for a customer a colleague is asked, and tomorrow it begins anew', async () => {
  const world = await withCustomers();
  const grant = grantBy(world);

  expect([await grant('sofia@firm.com', 500), await grant('sofia@firm.com', 500)]).toEqual([0, 0]);
  expect(await grant('sofia@firm.com', 1)).toBe(waiting);
  expect(await grant('office@manual.example', 500)).toBe(0);

  world.clock.advance(DAY_MS);
  expect(await grant('sofia@firm.com', 500)).toBe(0);
});

test('an undo gives nothing of the day back, and is no way round its limit', async () => {
  const world = await withCustomers();
  const grant = grantBy(world);
  await grant('sofia@firm.com', 500);
  const [run] = await world.database.knex('runs').where({ command: 'credits grant' });
  const taken = await world.lucy(`undo ${run.id} --reason "wrong customer" --yes --json`, sam);
  const { run: undoing } = taken.json<{ run: string }>();
  await grant('sofia@firm.com', 500);

  const again = await world.lucy(`undo ${undoing} --reason "it was right" --yes`, sam);

  expect(taken.code).toBe(0);
  expect(again.code).toBe(waiting);
  expect(again.out + again.err).toContain('a day for one customer');
});

test('what was asked and not done yet does not count', async () => {
  const world = await withCustomers();
  const grant = grantBy(world);

  expect(await grant('sofia@firm.com', 900)).toBe(waiting);

  expect(await grant('sofia@firm.com', 500)).toBe(0);
  expect((await world.lucy('policy explain "credits grant sofia@firm.com 1" --as sam')).out).toContain(
    '500 credits in 1 run; 500 credits left',
  );
});

test('of several grants confirmed at once, only as many go through as fit together', async () => {
  const world = await withCustomers();
  const grant = grantBy(world);

  const codes = await Promise.all([1, 2, 3, 4].map(() => grant('sofia@firm.com', 400)));

  expect(codes.sort()).toEqual([0, 0, waiting, waiting]);
  expect(await world.database.knex('credit_entries').pluck('amount')).toEqual([400, 400]);
});
