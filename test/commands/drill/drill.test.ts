import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const olu = staff('oncall');

test('a drill from the terminal: started, listed while it is on, stopped, and listed with how it ended', async () => {
  const { lucy } = await terminalWorld();
  const started = await lucy('incident drill --yes', olu);
  expect(started.code, started.err).toBe(0);
  expect(started.out).toContain('The drill is on');

  const on = await lucy('drill list', olu);
  expect(on.out).toContain('DRILL, step 1 of 9: Say that you have the alert.');
  expect(on.out).toContain('alert acknowledge alr_');
  const status = await lucy('status --json', olu);
  expect(status.json()).toMatchObject({ alerts: [], incidents: [] });

  const stopped = await lucy('drill stop --reason "enough for today" --yes', olu);
  expect(stopped.code, stopped.err).toBe(0);
  const after = await lucy('drill list --json', olu);
  expect(after.json<unknown>()).toMatchObject([{ outcome: 'stopped', startedBy: 'terminal:oncall' }]);
});

test('the preview says who is called and that customers hear nothing; a dry run starts nothing', async () => {
  const { lucy, database } = await terminalWorld({
    settings: settingsSchema.parse({
      people: { ada: { name: 'Ada', terminal: 'oncall', roles: ['oncall'] } },
    }),
  });
  const preview = await lucy('incident drill --with ada --pace 60 --dry-run', olu);
  expect(preview.out).toContain('30 minutes between updates are 30 seconds');
  expect(preview.out).toContain('Ada');
  expect(preview.out).toContain('Nobody else is called');
  expect(await database.knex('drills')).toEqual([]);
});

test.each([
  ['incident drill --pace 1 --yes', 2, 'From 2 to 60.'],
  ['incident drill --pace fast --yes', 2, 'how many times faster'],
  ['incident drill --with zoe --yes', 2, 'Lucy knows nobody called “zoe”.'],
  ['drill stop --reason "enough" --yes', 5, 'No drill is on.'],
])('%s ends with %i: %s', async (line, code, words) => {
  const { lucy } = await terminalWorld({
    settings: settingsSchema.parse({
      people: { olu: { name: 'Olu', terminal: 'oncall', roles: ['oncall'] } },
    }),
  });
  const typed = await lucy(line, olu);
  expect(typed.code).toBe(code);
  expect(typed.err).toContain(words);
});

test('support may read how drills went, and start none', async () => {
  const { lucy } = await terminalWorld();
  expect((await lucy('drill list', staff('support'))).code).toBe(0);
  expect((await lucy('incident drill --yes', staff('support'))).code).toBe(3);
});

test('while an incident is open no drill begins, and a real one declared in a drill says what it does', async () => {
  const { lucy } = await terminalWorld();
  await lucy('incident drill --yes', olu);
  const preview = await lucy('incident declare "checkout is down" --dry-run', olu);
  expect(preview.out).toContain('This is a real incident, and ends the drill that is on.');
  const practised = await lucy('incident declare "checkout is down" --drill --yes', olu);
  expect(practised.out).toContain('DRILL-1 is open');
  const practice = await lucy('incident update "Payments fail." --incident drill-1 --dry-run', olu);
  expect(practice.out).toContain('Practise an update about DRILL-1?');
  expect(practice.out).toMatch(/Customers would have read\W+Investigating: Payments fail\./);
  expect(practice.out).not.toMatch(/Customers read|publish an|taken away/i);
  const published = await lucy('incident update "Payments fail." --incident drill-1 --yes', olu);
  expect(published.out).toContain('nothing has to be taken back');
  expect(published.out).toContain('nothing was published');
});
