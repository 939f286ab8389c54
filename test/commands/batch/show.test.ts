import { expect, test } from 'vitest';
import { importWorld } from '#test/world/import-world.ts';
import { staff } from '#test/world/terminal-world.ts';

async function imported() {
  const world = await importWorld();
  await world.customers('sofia@firm.com');
  const path = await world.file('may.csv', 'email,credits\nsofia@firm.com,100\n=evil@firm.com,5\n');
  const typed = await world.lucy(`credits import ${path} --skip-bad --reason "outage in May" --yes --json`);
  return { ...world, run: typed.json<{ run: string }>().run };
}

test('it says what became of the lines, and why nothing came of some', async () => {
  const { lucy, run } = await imported();

  const shown = await lucy(`batch show ${run}`);
  const json = (await lucy(`batch show ${run} --json`)).json();

  expect(shown.out).toContain('1 of 2 lines of may.csv imported and 1 left out.');
  expect(shown.out).toContain('outage in May');
  expect(shown.out).toContain('Left out: There is no customer =evil@firm.com.');
  expect(json).toMatchObject({ run, command: 'credits import', state: 'done', applied: 1, skipped: 1 });
});

test('every line comes as CSV, in which nothing can be executed', async () => {
  const { lucy, run } = await imported();

  const lines = (await lucy(`batch show ${run} --csv`)).out.split('\r\n');

  expect(lines[0]).toBe('"line","email","state","result","ledger_entry","customer_id","at"');
  expect(lines[1]).toMatch(
    /^2,"sofia@firm\.com","applied","100 credits granted; the balance is 100\.","led_/,
  );
  expect(lines[2]).toMatch(/^3,"","skipped","Left out: There is no customer '?=evil@firm\.com\."/);
});

test('a run that worked through nothing is told, and on-call may not look', async () => {
  const { lucy, run } = await imported();

  const unknown = await lucy('batch show run_01k9zq3v5t8w2x4y6z7a8b9c0d');
  const refused = await lucy(`batch show ${run}`, staff('oncall'));

  expect([unknown.code, refused.code]).toEqual([5, 3]);
  expect(unknown.err).toContain('worked through no file.');
});

test('of a line that is left out its number and the problem are kept, and nothing else that stood in it', async () => {
  const { lucy, file, customers, database } = await importWorld();
  await customers('sofia@firm.com');
  const content =
    'reason,credits,email\nouch,5,sofia@firm.com\nher divorce,none,sofia@firm.com\ncourt case,1.5,gus@firm.com\n';

  const path = await file('may.csv', content);
  await lucy(`credits import ${path} --skip-bad --reason "outage in May" --yes`);

  const kept = await database.knex('batch_rows').where({ state: 'skipped' }).orderBy('line');
  expect(kept.map(({ line, result }) => [line, result])).toEqual([
    [3, expect.stringMatching(/^Left out: /)],
    [4, 'Left out: Credits are whole: no fractions.'],
  ]);
  expect(JSON.stringify(kept)).not.toMatch(/divorce|court|sofia@|gus@/);
});
