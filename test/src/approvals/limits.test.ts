import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { terminalActor } from '#src/policy/people.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { startRun } from '#src/runner/start-run.ts';
import { raceSettings } from '#test/world/race-settings.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

const { policy: _everythingNeedsApproval, ...defaults } = raceSettings;
const settings = { ...defaults, policy: {} };
const as = (user: string) => terminalActor(settings, user);

async function world(...emails: string[]) {
  const made = await terminalWorld({ settings });
  for (const email of emails)
    await made.lucy(`customer add ${email} --reason "new account" --yes`, as('ada'));
  const grant = (email: string, count: number) =>
    made.lucy(`credits grant ${email} ${count} --reason "lost upload" --yes --json`, as('sam'));
  return { ...made, grant };
}

test('a day’s grants add up: what goes over the limit of the day needs an approval, tomorrow it does not', async () => {
  const { grant, clock } = await world('sofia@firm.com');
  expect((await grant('sofia@firm.com', 500)).code).toBe(0);
  expect((await grant('sofia@firm.com', 499)).code).toBe(0);

  const over = await grant('sofia@firm.com', 2);
  expect(over.code).toBe(4);

  clock.advance(24 * 3_600_000);
  expect((await grant('sofia@firm.com', 2)).code).toBe(0);
});

test('two grants that fit a limit each and not together: of two confirmed at once one is asked about', async () => {
  const { runner, database } = await world(
    'sofia@firm.com',
    'lee@firm.com',
    'kim@firm.com',
    'jo@firm.com',
    'di@firm.com',
  );
  const emails = ['sofia@firm.com', 'lee@firm.com', 'kim@firm.com', 'jo@firm.com', 'di@firm.com'];
  const actor = as('sam');
  const runs = await Promise.all(
    emails.map(async (email) => {
      const { command, raw } = parseLine(commands, `credits grant ${email} 500 --reason "lost upload"`);
      const started = await startRun(runner, {
        command,
        raw,
        actor,
        surface: 'terminal',
        correlationId: `cor_${email}`,
        key: null,
      });
      if (started.kind !== 'preview') throw new Error(started.kind);
      return started.runId;
    }),
  );

  const replies = await Promise.all(runs.map((run) => confirmRun(runner, run, actor, 'terminal')));

  // Sam may give 2,000 a day alone.
  expect(replies.map((reply) => reply.tone).sort()).toEqual(['done', 'done', 'done', 'done', 'waiting']);
  expect(await database.knex('credit_entries')).toHaveLength(4);
  expect(await database.knex('approvals')).toHaveLength(1);
});

test('a limit is not got round by undoing: bringing back an override above it asks, too', async () => {
  const { lucy } = await world('sofia@firm.com');
  const set = 'tier set sofia@firm.com enterprise --until 2099-12-31 --reason "signed on paper" --yes --json';
  expect((await lucy(set, as('ada'))).code).toBe(0);
  const lower = await lucy(
    'tier set sofia@firm.com pro --until 7d --reason "mistake" --yes --json',
    as('sam'),
  );
  const { run } = lower.json<{ run: string }>();

  const undone = await lucy(`undo ${run} --reason "it was right" --yes --json`, as('sam'));

  expect(undone.code).toBe(4);
});

test('a dry run of what needs an approval says so, and asks nobody', async () => {
  const { lucy, database } = await world('sofia@firm.com');

  const dry = await lucy('credits grant sofia@firm.com 900 --reason "lost upload" --dry-run', as('sam'));

  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('needs one approval by billing') });
  expect(await database.knex('approvals')).toEqual([]);
});

test('what is beyond every step is refused, and the refusal is in the audit', async () => {
  const { grant, database } = await world('sofia@firm.com');

  const typed = await grant('sofia@firm.com', 2_000_000);

  expect(typed.code).toBe(3);
  expect(typed.json()).toMatchObject({ error: { code: 'refused' } });
  expect(await database.knex('audit_events').where({ outcome: 'refused' })).toHaveLength(1);
});
