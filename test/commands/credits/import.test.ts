import { expect, test } from 'vitest';
import { keepFile } from '#src/batches/keep-file.ts';
import { terminalActor } from '#src/policy/people.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { startRun } from '#src/runner/start-run.ts';
import { runTerminal } from '#src/terminal/run-terminal.ts';
import { addCustomers, importWorld, manyEmails } from '#test/world/import-world.ts';
import { raceSettings } from '#test/world/race-settings.ts';
import { staff } from '#test/world/terminal-world.ts';

const sofia = 'sofia@firm.com';
const pastDue = 'billing@pastdue.example';
const why = '--reason "outage in May" --ticket ZD-900';

async function withTwo() {
  const world = await importWorld();
  await world.customers(sofia, pastDue);
  return world;
}

test('an import shows what it would do, gives each line its credits, and says what became of each', async () => {
  const { lucy, file, balances, database } = await withTwo();
  const path = await file('may.csv', `email,credits,reason\n${sofia},100,\n${pastDue},1 20,second outage\n`);
  const wrong = await lucy(`credits import ${path} ${why} --dry-run`);
  expect(wrong.code).toBe(2);
  const good = await file('may.csv', `email,credits,reason\n${sofia},100,\n${pastDue},20,second outage\n`);

  const shown = await lucy(`credits import ${good} ${why} --dry-run`);
  const typed = await lucy(`credits import ${good} ${why} --yes`);

  expect(shown.out).toContain('Import 120 credits for 2 customers from may.csv?');
  expect(shown.out).toContain(`${sofia}: 0 credits → 100 credits`);
  expect(shown.out).toContain(`100 credits for ${sofia}`);
  expect(typed).toMatchObject({ code: 0 });
  expect(typed.out).toContain('2 of 2 lines of may.csv imported.');
  expect(await balances()).toEqual({ [sofia]: 100, [pastDue]: 20 });
  const entries = await database.knex('credit_entries').orderBy('amount', 'desc');
  expect(entries).toMatchObject([
    { amount: 100, source_kind: 'import', reason: 'outage in May', ticket: 'ZD-900' },
    { amount: 20, source_kind: 'import', reason: 'second outage', ticket: 'ZD-900' },
  ]);
  const run = /Run run_\w+/.exec(typed.out)?.[0].slice(4) ?? '';
  const lines = await lucy(`batch show ${run} --csv`);
  expect(lines.out).toContain(`2,"${sofia}","applied","100 credits granted; the balance is 100."`);
  const audit = await database.knex('audit_events').where({ command: 'credits import', outcome: 'done' });
  // One for the act, one for each line, one for the end.
  expect(audit).toHaveLength(4);
  expect(await database.knex('runs').where({ id: run }).first()).toMatchObject({ state: 'done' });
  expect(await database.knex('outbox').whereNotNull('card_key')).not.toEqual([]);
});

test('every bad line is named with its column and what to do, as text and as a file, and nothing is done', async () => {
  const { lucy, file, balances } = await withTwo();
  const path = await file(
    'bad.csv',
    [
      'email,credits,ticket,expires',
      `${sofia},100,ZD-1,`,
      `${sofia},none,ZD-1,`,
      `${pastDue},1.5,ZD 1,`,
      'nobody@firm.com,10,,',
      'no-address,10,,',
      `${pastDue},10,,2001-01-01`,
      `${pastDue},10,,,much,more`,
      `${sofia},100,ZD-1,`,
      ',5,,',
      `${pastDue},99999999999,,`,
      '',
    ].join('\n'),
  );

  const typed = await lucy(`credits import ${path} ${why} --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain('9 of 10 lines of bad.csv cannot be carried out, so nothing was changed.');
  expect(typed.err).toContain('or carry out the others alone: credits import with --skip-bad.');
  const report = typed.out.split('\r\n');
  expect(report[0]).toBe('"line","column","problem","what_to_do","email","credits","ticket","expires"');
  const found = report.slice(1, -1).map((line) => line.split(',').slice(0, 3).join(','));
  expect(found).toEqual([
    '3,"credits","Say how many credits: a whole number such as 100."',
    '4,"credits; ticket","Credits are whole: no fractions. A ticket has letters',
    '5,"email","There is no customer nobody@firm.com."',
    '6,"email","That is not a login email."',
    '7,"expires","2001-01-02 00:00 UTC is past."',
    '8,"5","There are 6 values for 4 columns."',
    '9,"line","It says the very same as line 2."',
    '10,"email","Name the customer by login email."',
    '11,"credits","That is more than 10',
  ]);
  expect(await balances()).toEqual({});
});

test('with --skip-bad the preview says what is left out, and the others are done', async () => {
  const { lucy, file, balances, database } = await withTwo();
  const path = await file('some.csv', `email,credits\n${sofia},100\nnobody@firm.com,10\n`);

  const shown = await lucy(`credits import ${path} ${why} --skip-bad --dry-run`);
  const typed = await lucy(`credits import ${path} ${why} --skip-bad --yes`);

  expect(shown.out + shown.err).toContain('1 of 2 lines are bad and left out.');
  expect(shown.out + shown.err).toContain('Line 3, email: There is no customer nobody@firm.com.');
  expect(typed.out).toContain('1 of 2 lines of some.csv imported and 1 left out.');
  expect(typed.code).toBe(0);
  expect(await balances()).toEqual({ [sofia]: 100 });
  expect(await database.knex('batch_rows').where({ line: 3 }).first()).toMatchObject({
    state: 'skipped',
    result: 'Left out: There is no customer nobody@firm.com.',
  });
});

test('a customer in several lines is warned of; the same line twice only when it is meant', async () => {
  const { lucy, file, balances } = await withTwo();
  const path = await file('twice.csv', `email,credits\n${sofia},100\n${sofia},50\n${sofia},100\n`);

  const refused = await lucy(`credits import ${path} ${why} --yes`);
  const shown = await lucy(`credits import ${path} ${why} --allow-repeats --dry-run`);
  const typed = await lucy(`credits import ${path} ${why} --allow-repeats --yes`);

  expect(refused.err).toContain('It says the very same as line 2.');
  expect(shown.out).toContain(`${sofia} stands in 3 lines and gets 250 credits in all.`);
  expect(shown.out).toContain(`${sofia}: 0 credits → 250 credits`);
  expect(typed.code).toBe(0);
  expect(await balances()).toEqual({ [sofia]: 250 });
});

test('the same file is imported once, unless it is meant again', async () => {
  const { lucy, file, balances } = await withTwo();
  const path = await file('once.csv', `email,credits\n${sofia},100\n`);
  await lucy(`credits import ${path} ${why} --yes`);
  const renamed = await file('again.csv', `email,credits\n${sofia},100\n`);

  const refused = await lucy(`credits import ${renamed} ${why} --yes`);
  const shown = await lucy(`credits import ${renamed} ${why} --again --dry-run`);
  const again = await lucy(`credits import ${renamed} ${why} --again --yes`);

  expect(refused.code).toBe(1);
  expect(refused.err).toContain('was imported already: run_');
  expect(refused.err).toContain('add --again');
  expect(shown.out).toContain('The same file was imported before');
  expect(again.code).toBe(0);
  expect(await balances()).toEqual({ [sofia]: 200 });
});

test('a script that asks again with its key imports once', async () => {
  const { lucy, file, balances } = await withTwo();
  const path = await file('key.csv', `email,credits\n${sofia},100\n`);
  const line = `credits import ${path} ${why} --yes --idempotency-key may`;

  const first = await lucy(line);
  const second = await lucy(line);

  expect([first.code, second.code]).toEqual([0, 0]);
  expect(second.out).toContain('This was already done; nothing was done again.');
  expect(await balances()).toEqual({ [sofia]: 100 });
});

test.each([
  ['semicolons, a BOM, Windows line ends and a header as people write it', '\uFEFF E-Mail ;Credits\r\n', 2],
  ['semicolons and spaces', `\uFEFF Email ; CREDITS \r\n ${sofia} ; "1,000" \r\n;;\r\n`, 0],
  ['tabs', `email\tcredits\n${sofia}\t1,000\n`, 0],
  [
    'commas and quotes',
    `"Email","Credits","Reason"\n"${sofia}","1,000","said ""sorry"", twice\nand again"\n`,
    0,
  ],
])('a file with %s is read, or its header named', async (_name, content, code) => {
  const { lucy, file, balances } = await withTwo();

  const typed = await lucy(`credits import ${await file('x.csv', content)} ${why} --yes`);

  expect(typed.code).toBe(code);
  if (code === 0) expect(await balances()).toEqual({ [sofia]: 1000 });
  else expect(typed.err).toContain('There is no column “E-Mail”.');
});

test.each([
  ['an empty file', '', 'is empty'],
  ['a header alone', 'email,credits\n', 'has a header and no lines'],
  ['no header', `${sofia},100\n`, `There is no column “${sofia}”.`],
  ['a column too few', `email\n${sofia}\n`, 'has no column credits'],
  ['a column twice', `email,credits,Credits\n${sofia},1,1\n`, 'The column credits is there twice.'],
  ['Windows-1252', Buffer.from(`email,credits,reason\n${sofia},1,für Zoë\n`, 'latin1'), 'not UTF-8'],
  ['UTF-16', Buffer.from(`\uFEFFemail,credits\n`, 'utf16le'), 'is UTF-16'],
  ['a spreadsheet', Buffer.from('PK\u0003\u0004xlsx'), 'is a spreadsheet or an archive'],
  ['a web page', '<!DOCTYPE html><html></html>', 'is a web page'],
  ['an open quotation mark', `email,credits\n${sofia},1\n"${sofia},2\n`, 'is opened here and never closed'],
  ['too many bytes', `email,credits\n${`${sofia},1\n`.repeat(400_000)}`, 'Lucy takes 5 MB'],
])('%s is refused with what to do', async (_name, content, sentence) => {
  const { lucy, file, balances } = await withTwo();

  const typed = await lucy(`credits import ${await file('x.csv', content)} ${why} --skip-bad --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain(sentence);
  expect(typed.err.split('\n').length).toBeGreaterThan(2);
  expect(await balances()).toEqual({});
});

test('a file that is not there, and a pipe that is not there, are told', async () => {
  const { lucy } = await withTwo();

  const missing = await lucy(`credits import nowhere.csv ${why} --yes`);
  const pipe = await lucy(`credits import - ${why} --yes`);

  expect([missing.code, pipe.code]).toEqual([5, 2]);
  expect(missing.err).toContain('There is no file nowhere.csv.');
  expect(pipe.err).toContain('Nothing comes through a pipe.');
});

test('who may not import hands nothing in, and the attempt is written down', async () => {
  const { lucy, file, database } = await withTwo();
  const path = await file('x.csv', `email,credits\n${sofia},1\n`);

  const typed = await lucy(`credits import ${path} ${why} --yes`, staff('oncall'));

  expect(typed.code).toBe(3);
  expect(await database.knex('files')).toEqual([]);
  expect(await database.knex('audit_events').where({ outcome: 'refused' })).toHaveLength(1);
});

test.each([
  ['one customer', 501, 1, 'up to 500 credits; this is 501 credits'],
  ['all together', 100, 21, 'up to 2,000 credits in all; this is 2,100 credits in all'],
])('support asks for what is too much for %s', async (_name, credits, lines, sentence) => {
  const world = await importWorld();
  const emails = manyEmails(lines);
  await addCustomers(world, emails);
  const path = await world.file(
    'x.csv',
    `email,credits\n${emails.map((email) => `${email},${credits}\n`).join('')}`,
  );

  const typed = await world.lucy(`credits import ${path} ${why} --dry-run`, staff('support'));

  expect(typed.out).toContain(sentence);
  expect(typed.out).toContain('so it needs one approval by billing');
});

test('what nobody may allow is refused, written down, and not done', async () => {
  const { lucy, file, balances, database } = await withTwo();
  const path = await file('x.csv', `email,credits\n${sofia},2000000\n`);

  const typed = await lucy(`credits import ${path} ${why} --yes`);

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('up to 1,000,000 credits');
  expect(typed.err).toContain('so nobody may allow it.');
  expect(await balances()).toEqual({});
  expect(await database.knex('audit_events').where({ outcome: 'refused' })).toHaveLength(1);
});

test('what was imported today counts against the day, all lines together', async () => {
  const world = await importWorld();
  const emails = manyEmails(10);
  await addCustomers(world, emails);
  const lines = emails.map((email) => `${email},150\n`).join('');
  const sam = staff('support');
  const first = await world.file('first.csv', `email,credits\n${lines}`);
  await world.lucy(`credits import ${first} ${why} --yes`, sam);
  const second = await world.file('second.csv', `email,credits,reason\n${emails[0]},501,\n`);
  const third = await world.file('third.csv', `email,credits\n${lines.replaceAll(',150', ',60')}`);

  const large = await world.lucy(`credits import ${second} ${why} --dry-run`, sam);
  const more = await world.lucy(`credits import ${third} ${why} --dry-run`, sam);

  expect(large.out).toContain('this is 501 credits');
  expect(more.out).toContain('up to 2,000 credits a day; with this it would be 2,100 credits today');
});

test('undo takes back, line by line, what is not spent', async () => {
  const { lucy, file, balances } = await withTwo();
  const path = await file('x.csv', `email,credits\n${sofia},100\n${pastDue},20\n`);
  const { run } = (await lucy(`credits import ${path} ${why} --yes --json`)).json<{ run: string }>();
  await lucy(`credits consume ${sofia} 30 --reason "used it" --yes`);
  await lucy(`credits consume ${pastDue} 20 --reason "used it" --yes`);

  const shown = await lucy(`undo ${run} --reason "wrong file" --dry-run`);
  const undone = await lucy(`undo ${run} --reason "wrong file" --yes`);
  const twice = await lucy(`credits unimport ${run} --reason "wrong file" --yes`);

  expect(shown.out).toContain('take back what is left of 120 credits from x.csv?');
  expect(shown.out).toContain('70 credits');
  expect(undone.out).toContain('1 of 2 lines of x.csv taken back and 1 left out.');
  expect(await balances()).toEqual({ [sofia]: 0, [pastDue]: 0 });
  expect(twice.err).toContain('can be taken back any more');
});

test('credits that expire have their day, and lapse on it', async () => {
  const { lucy, file, database, clock } = await withTwo();
  const path = await file('x.csv', `email,credits,expires\n${sofia},100,30d\n`);

  await lucy(`credits import ${path} ${why} --yes`);

  const lot = await database.knex('credit_lots').first();
  expect(lot.expires_at).toBe(clock.now() + 30 * 86_400_000);
  expect(await database.knex('timers').where({ kind: 'lot_expiry' })).toHaveLength(1);
});

test('what a spreadsheet would execute is harmless on the way out', async () => {
  const { lucy, file } = await withTwo();
  const path = await file('x.csv', `email,credits,reason\n"=HYPERLINK(""http://evil"")",1,+1+1\n`);

  const typed = await lucy(`credits import ${path} ${why} --yes`);

  expect(typed.out).toContain(`"'=HYPERLINK(""http://evil"")"`);
  expect(typed.out).toContain(`"'+1+1"`);
});

test('an import that broke off goes on when the same line is typed with its key', async () => {
  const { lucy, file, balances, runner } = await withTwo();
  const path = await file('x.csv', `email,credits\n${sofia},100\n${pastDue},20\n`);
  const line = `credits import ${path} ${why} --yes --idempotency-key may`;
  const preview = (await lucy(`${line} --dry-run --json`)).json<{ title: string }>();
  expect(preview.title).toContain('Import 120 credits');
  // The terminal that confirmed it died before the first line.
  const bytes = Buffer.from(`email,credits\n${sofia},100\n${pastDue},20\n`);
  const kept = await keepFile(runner.database.knex, { name: 'x.csv', bytes, now: runner.clock.now() });
  const { command, raw } = parseLine(runner.commands, `credits import ${kept} ${why}`);
  const actor = staff('admin');
  const request = {
    command,
    raw,
    actor,
    surface: 'terminal' as const,
    correlationId: 'cor_1',
    key: 'key:may',
  };
  const started = await startRun(runner, request);
  if (started.kind !== 'preview') throw new Error('There is no preview');
  await confirmRun(runner, started.runId, actor, 'terminal');
  expect(await balances()).toEqual({});

  const second = await lucy(line);

  expect(second.out).toContain('2 of 2 lines of x.csv imported.');
  expect(second.code).toBe(0);
  expect(await balances()).toEqual({ [sofia]: 100, [pastDue]: 20 });
});

test('who approves at the terminal carries it out there, and no service is needed', async () => {
  const world = await importWorld({ settings: raceSettings });
  await world.customers(sofia);
  const path = await world.file('x.csv', `email,credits\n${sofia},900\n`);
  const sam = terminalActor(raceSettings, 'sam');
  const asked = await world.lucy(`credits import ${path} ${why} --yes --json`, sam);
  const { approval } = asked.json<{ approval: string }>();

  const typed = await world.lucy(
    `approval approve ${approval} --reason "checked" --yes`,
    terminalActor(raceSettings, 'bea'),
  );

  expect(asked.code).toBe(4);
  expect(typed.out).toContain('1 of 1 line of x.csv imported.');
  expect(await world.balances()).toEqual({ [sofia]: 900 });
});

test('what comes through a pipe is imported like a file', async () => {
  const { runner, balances } = await withTwo();
  let out = '';
  const argv = ['credits', 'import', '-', '--reason', 'outage in May', '--yes'];

  const code = await runTerminal(runner, staff('admin'), argv, {
    write(text) {
      out += text;
    },
    writeError() {},
    ask: null,
    readInput: async () => Buffer.from(`email,credits\n${sofia},5\n`),
  });

  expect(code).toBe(0);
  expect(out).toContain('1 of 1 line of stdin.csv imported.');
  expect(await balances()).toEqual({ [sofia]: 5 });
});
