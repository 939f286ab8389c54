import { expect, test } from 'vitest';
import { keepFile } from '#src/batches/keep-file.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { terminalActor } from '#src/policy/people.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { startRun } from '#src/runner/start-run.ts';
import { importWorld } from '#test/world/import-world.ts';
import { raceSettings } from '#test/world/race-settings.ts';

const sofia = 'sofia@firm.com';
const pastDue = 'billing@pastdue.example';
const why = '--reason "outage in May" --ticket ZD-900';

async function withTwo() {
  const world = await importWorld();
  await world.customers(sofia, pastDue);
  return world;
}

/** Sofia’s line was good, the other bad and left out; the report of bad lines is what came back. */
async function halfImported() {
  const world = await withTwo();
  const first = await world.file('may.csv', `email,credits\n${sofia},100\n${pastDue},1o0\n`);
  const typed = await world.lucy(`credits import ${first} ${why} --skip-bad --yes`);
  expect(typed.code).toBe(0);
  const refused = await world.lucy(`credits import ${await world.file('may2.csv', badOnly)} ${why} --yes`);
  return { ...world, report: refused.out };
}

const badOnly = `email,credits\n${pastDue},1o0\n`;

test('the report of bad lines is handed in as it is, mended, and brings what was left out', async () => {
  const { lucy, file, balances, report } = await halfImported();
  expect(report).toContain('"line","column","problem","what_to_do","email","credits"');

  const unmended = await lucy(`credits import ${await file('bad.csv', report)} ${why} --yes`);
  const mended = await file('bad-lines-may.csv', report.replace('"1o0"', '"100"'));
  const typed = await lucy(`credits import ${mended} ${why} --yes`);

  expect(unmended.code).toBe(2);
  // The report of a report has its columns once.
  expect(unmended.out.split('\r\n')[0]).toBe('"line","column","problem","what_to_do","email","credits"');
  expect(typed.code).toBe(0);
  expect(typed.out).toContain('1 of 1 line of bad-lines-may.csv imported.');
  expect(await balances()).toEqual({ [sofia]: 100, [pastDue]: 100 });
});

test('a line with two problems stands in the report once, with both', async () => {
  const { lucy, file, balances } = await withTwo();
  const bad = await file('x.csv', `email,credits,ticket\n${sofia},1.5,ZD 1\n`);
  const refused = await lucy(`credits import ${bad} ${why} --yes`);

  const mended = refused.out.replace('"1.5"', '"15"').replace('"ZD 1"', '"ZD-1"');
  await lucy(`credits import ${await file('mended.csv', mended)} ${why} --yes`);

  expect(refused.out.trim().split('\r\n')).toHaveLength(2);
  expect(await balances()).toEqual({ [sofia]: 15 });
});

test('the file itself, mended, is refused as far as it was carried out, and brings the rest with --skip-bad', async () => {
  const { lucy, file, balances } = await halfImported();
  const mended = await file('may.csv', `email,credits\n${sofia},100\n${pastDue},100\n`);

  const refused = await lucy(`credits import ${mended} ${why} --yes`);

  expect(refused.code).toBe(2);
  expect(refused.err).toContain('1 of 2 lines of may.csv cannot be carried out, so nothing was changed.');
  expect(refused.err).toMatch(
    new RegExp(
      `${sofia} got these 100 credits by an import already: run_\\w+, .*If it is meant a second time`,
      's',
    ),
  );
  expect(await balances()).toEqual({ [sofia]: 100 });

  const rest = await lucy(`credits import ${mended} ${why} --skip-bad --yes`);
  expect(rest.code).toBe(0);
  expect(await balances()).toEqual({ [sofia]: 100, [pastDue]: 100 });
});

test('what is meant a second time says so in its preview', async () => {
  const { lucy, file, balances } = await halfImported();
  const mended = await file('may.csv', `email,credits\n${sofia},100\n${pastDue},100\n`);

  const shown = await lucy(`credits import ${mended} ${why} --again --dry-run`);
  await lucy(`credits import ${mended} ${why} --again --yes`);

  expect(shown.out + shown.err).toContain(
    '1 line was carried out by an earlier import of the last 30 days; this gives the same credits again.',
  );
  expect(await balances()).toEqual({ [sofia]: 200, [pastDue]: 100 });
});

test.each([
  ['other line ends', `email,credits\r\n${sofia},100\r\n`],
  ['no last line end', `email,credits\n${sofia},100`],
  ['a byte order mark', `\uFEFFemail,credits\n${sofia},100\n`],
  ['quotation marks and semicolons', `"email";"credits"\n"${sofia}";"100"\n`],
])('the same file saved with %s is the same file', async (_name, content) => {
  const { lucy, file, balances } = await withTwo();
  await lucy(`credits import ${await file('a.csv', `email,credits\n${sofia},100\n`)} ${why} --yes`);

  const second = await lucy(`credits import ${await file('b.csv', content)} ${why} --yes`);

  expect(second.code).not.toBe(0);
  expect(second.err).toContain('The file b.csv was imported already: run_');
  expect(await balances()).toEqual({ [sofia]: 100 });
});

const again = `email,credits,reason\n${sofia},100,\n`;

test.each([
  ['another ticket', '--reason "outage in May" --ticket ZD-901', 0],
  ['the same ticket in other words', '--reason "May" --ticket zd-900', 2],
  ['no ticket and another reason', '--reason "outage in June"', 0],
  ['no ticket and the same reason', '--reason "Outage in  May"', 2],
])('the same credits for %s', async (_name, reason, code) => {
  const { lucy, file } = await withTwo();
  await lucy(`credits import ${await file('a.csv', `email,credits\n${sofia},100\n`)} ${why} --yes`);

  expect((await lucy(`credits import ${await file('b.csv', again)} ${reason} --yes`)).code).toBe(code);
});

test('the same credits after a month, or after they were taken back, are no repeat', async () => {
  const { lucy, file, clock, balances } = await withTwo();
  const first = await file('a.csv', `email,credits\n${sofia},100\n`);
  const { run } = (await lucy(`credits import ${first} ${why} --yes --json`)).json<{ run: string }>();
  await lucy(`undo ${run} --reason "wrong file" --yes`);

  const taken = await lucy(`credits import ${await file('b.csv', again)} ${why} --yes`);
  expect(taken.code).toBe(0);
  expect(await balances()).toEqual({ [sofia]: 100 });

  clock.advance(30 * DAY_MS + 1);
  const third = await file('c.csv', `credits,email\n100,${sofia}\n`);
  expect((await lucy(`credits import ${third} ${why} --yes`)).code).toBe(0);
});

test('two people who confirm the same file at once import it once', async () => {
  const world = await importWorld({ settings: raceSettings });
  await world.customers(sofia, pastDue);
  const { runner } = world;
  const bytes = Buffer.from(`email,credits\n${sofia},100\n${pastDue},20\n`);
  const kept = await keepFile(runner.database.knex, { name: 'x.csv', bytes, now: runner.clock.now() });
  const { command, raw } = parseLine(runner.commands, `credits import ${kept} ${why}`);
  const asked = await Promise.all(
    ['sam', 'bea'].map(async (name, at) => {
      const actor = terminalActor(raceSettings, name);
      const request = {
        command,
        raw,
        actor,
        surface: 'terminal' as const,
        correlationId: `cor_${at}`,
        key: name,
      };
      const started = await startRun(runner, request);
      if (started.kind !== 'preview') throw new Error('There is no preview');
      return { actor, runId: started.runId };
    }),
  );

  const ends = await Promise.allSettled(
    asked.map(({ actor, runId }) => confirmRun(runner, runId, actor, 'terminal')),
  );
  await world.work();

  expect(ends.filter(({ status }) => status === 'rejected')).toMatchObject([
    { reason: { code: 'conflict', message: expect.stringContaining('is being imported just now') } },
  ]);
  expect(await world.balances()).toEqual({ [sofia]: 100, [pastDue]: 20 });
});
