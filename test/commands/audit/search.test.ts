import { expect, test } from 'vitest';
import { insertAuditEvent } from '#db/audit-events.ts';
import { recordAudit } from '#src/audit/record.ts';
import { sealNext } from '#src/audit/seal.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { dropGuards } from '#test/world/audit-world.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';
import { testCause } from '#test/world/test-cause.ts';

type Found = {
  rows: { command: string; seal: { seq: number } | null; [name: string]: unknown }[];
  hasMore: boolean;
};

/** Two customers, a grant, a refusal, and a change with an approval and one under break-glass. */
async function busyWorld() {
  const settings = settingsSchema.parse({
    people: {
      sam: { name: 'Sam', slack: 'U0SAM00001', terminal: 'sam', roles: ['support'] },
      ada: { name: 'Ada', terminal: 'ada', roles: ['admin'] },
    },
  });
  const world = await sofiaWorld({ settings });
  const { clock, database } = world;
  await world.done('customer add pastdue@firm.com --reason "new account"');
  clock.advance(DAY_MS);
  await world.done('credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812');
  await world.lucy('tier set sofia@firm.com pro --reason "let me" --yes', staff());
  clock.advance(DAY_MS);
  const sam = { ...staff('support'), id: 'slack:U0SAM00001', name: 'Sam', person: 'sam' };
  const facts = {
    outcome: 'done' as const,
    customerId: null,
    input: {},
    before: { tier: 'free' },
    after: { tier: 'pro' },
  };
  await recordAudit(
    database.knex,
    testCause(clock.now(), {
      actor: sam,
      ticket: 'ZD-900',
      approval: { id: 'apr_1', by: [{ person: 'bea', name: 'Bea', at: clock.now() }] },
    }),
    { ...facts, command: 'refund request' },
  );
  await sealNext({ database, clock });
  clock.advance(1_000);
  await recordAudit(
    database.knex,
    testCause(clock.now(), { actor: { ...sam, id: 'terminal:sam' }, breakGlass: 'glass_1' }),
    { ...facts, command: 'refund request' },
  );
  const found = async (words: string) =>
    (await world.lucy(`audit search ${words} --json`)).json<Found>().rows;
  return {
    ...world,
    found,
    commands: async (words: string) => (await found(words)).map((row) => row.command),
  };
}

test('a row says when, who, who approved, what, for whom, what moved, why, and whether it is sealed', async () => {
  const { lucy } = await busyWorld();

  const { out, code } = await lucy('audit search');

  expect(code).toBe(0);
  expect(out).toContain('6 audit rows match, newest first.');
  const line = (text: string) => out.split('\n').find((row) => row.includes(text)) ?? '';
  expect(line('BREAK-GLASS glass_1')).toMatch(/2026-11-23 09:00 UTC +Sam, BREAK-GLASS.*not sealed yet/);
  expect(line('approved by Bea')).toMatch(
    /Sam, approved by Bea +refund request .*tier: free → pro +a test, ZD-900 +sealed as 5 +cor_/,
  );
  expect(line('ZD-812')).toMatch(
    /terminal:admin +credits grant +sofia@firm\.com .*lost upload, ZD-812 +sealed as 3/,
  );
  expect(line('(refused)')).toContain('tier set (refused)');
  expect(out.indexOf('BREAK-GLASS')).toBeLessThan(out.indexOf('ZD-812'));
});

test('it is found by customer, person, command, ticket, outcome and time, and by several at once', async () => {
  const { commands, lucy } = await busyWorld();

  expect(await commands('--customer sofia@firm.com')).toEqual(['credits grant', 'customer add']);
  expect(await commands('--command "credits grant"')).toEqual(['credits grant']);
  expect(await commands('--ticket ZD-812')).toEqual(['credits grant']);
  expect(await commands('--outcome refused')).toEqual(['tier set']);
  expect(await commands('--from 2026-11-22 --to 2026-11-22')).toEqual(['tier set', 'credits grant']);
  expect(await commands('--from 25h --outcome done')).toEqual([
    'refund request',
    'refund request',
    'credits grant',
  ]);
  expect(await commands('--ticket ZD-812 --outcome failed')).toEqual([]);
  const none = await lucy('audit search --ticket nothing');
  expect(none.code).toBe(0);
  expect(none.out).toContain('No audit row matches.');
});

test('one person is found under each of their names, whatever they did it through', async () => {
  const { found } = await busyWorld();
  const counts: Record<string, number> = {};
  const names = [
    'Sam',
    '@sam',
    'U0SAM00001',
    '<@U0SAM00001|sam>',
    'terminal:sam',
    'terminal:admin',
    'nobody',
  ];

  for (const name of names) counts[name] = (await found(`--actor ${name}`)).length;

  expect(counts).toEqual({
    Sam: 2,
    '@sam': 2,
    U0SAM00001: 2,
    '<@U0SAM00001|sam>': 2,
    'terminal:sam': 2,
    'terminal:admin': 3,
    nobody: 0,
  });
});

test('someone who is not in the settings is found by the name that they had, in any case', async () => {
  const { found, database, clock } = await busyWorld();
  const olu = { ...staff('oncall'), id: 'slack:U0OLU00001', person: 'slack:U0OLU00001', name: 'Olu' };
  await recordAudit(database.knex, testCause(clock.now(), { actor: olu }), {
    command: 'webhook replay',
    outcome: 'done',
    customerId: null,
    input: {},
    before: null,
    after: null,
  });

  expect(await found('--actor olu')).toMatchObject([{ command: 'webhook replay' }]);
  expect(await found('--actor U0OLU00001')).toHaveLength(1);
});

test('only the newest are shown, and that there are more is said', async () => {
  const { lucy, done } = await sofiaWorld();
  for (let index = 0; index < 3; index++)
    await done(`credits grant sofia@firm.com ${index + 1} --reason "lost upload"`);

  const typed = await lucy('audit search --limit 2');

  expect(typed.out).toContain('These are the newest 2 of the audit rows that match.');
  expect(typed.out).toContain('get all of them with --csv');
  expect((await lucy('audit search --limit 4')).out).toContain('4 audit rows match');
});

test('--csv gives everything as a file: on stdout alone, with the words beside it', async () => {
  const { lucy, runner, database, clock } = await busyWorld();
  await recordAudit(database.knex, testCause(clock.now(), { reason: '=HYPERLINK("http://evil","x")' }), {
    command: 'credits grant',
    outcome: 'done',
    customerId: null,
    input: {},
    before: null,
    after: null,
  });

  const typed = await lucy('audit search --csv');

  expect(typed.code).toBe(0);
  const lines = typed.out.split('\r\n');
  expect(lines[0]).toMatch(/^"at","actor","actor_id",/);
  expect(lines).toHaveLength(1 + 7 + 1);
  expect(typed.out).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`);
  expect(typed.err).toContain('7 audit rows as CSV, newest first.');
  const json = (await lucy('audit search --csv --json')).json();
  // One more than before: that the first file was taken.
  expect(json).toMatchObject({ file: 'audit-2026-11-23T090001.csv', rows: 8, hasMore: false });
  expect(runner.commands.find((command) => command.name === 'audit search')?.effect).toBe('reads');
});

test('who takes a file of the audit is in the audit: by which filter, of whom, and how many rows; who only looks is not', async () => {
  const { lucy, found, database } = await busyWorld();
  await lucy('audit search --customer sofia@firm.com');
  expect(await found('--command "audit search"')).toEqual([]);

  await lucy('audit search --customer sofia@firm.com --from 7d --csv --limit 1');

  const { id } = await database.knex('customers').where({ email: 'sofia@firm.com' }).first();
  const [row, ...others] = await database.knex('audit_events').where({ command: 'audit search' });
  expect(others).toEqual([]);
  expect(row).toMatchObject({ outcome: 'done', customer_id: id, actor_name: 'terminal:admin' });
  expect(JSON.parse(row.input)).toEqual({ customer: 'sofia@firm.com', from: '7d', limit: '1', csv: true });
  expect(JSON.parse(row.after)).toEqual({ file: 'audit-2026-11-23T090001.csv', rows: 1, hasMore: true });
  expect(await found('--command "audit search"')).toMatchObject([{ outcome: 'done' }]);
});

test('a file has 10,000 rows at most, page after page, none twice, and says that there are more', async () => {
  const { lucy, database, clock } = await sofiaWorld();
  const [first] = await database.knex('audit_events');
  const rows = Array.from({ length: 10_050 }, (_, index) => ({
    ...first,
    id: newId('aud', clock.now()),
    // Several in one millisecond, so that a page may end among equals.
    at: clock.now() + Math.floor(index / 7),
  }));
  for (let start = 0; start < rows.length; start += 50)
    await database.knex('audit_events').insert(rows.slice(start, start + 50));

  const typed = await lucy('audit search --csv');

  const ids = [...typed.out.matchAll(/"(aud_[0-9a-z]+)"/g)].map((match) => match[1]);
  expect(ids).toHaveLength(10_000);
  expect(new Set(ids).size).toBe(10_000);
  expect(ids[0]).toBe(rows.at(-1)?.id);
  expect(typed.err).toContain('More rows match than the 10000 in the file');
  await insertAuditEvent(database.knex, { ...first, id: newId('aud', clock.now()) });
  expect((await lucy('audit search --csv --limit 5')).out.split('\r\n')).toHaveLength(1 + 5 + 1);
});

test.each([
  ['audit search --from yesterday', 2, '“yesterday” is no moment.'],
  ['audit search --from 2026-11-22 --to 2026-11-21', 2, 'The end is before the beginning.'],
  ['audit search --limit 0', 2, 'Give a number from 1 to 200.'],
  ['audit search --limit 201', 2, 'For more, add --csv.'],
  ['audit search --limit 10001 --csv', 2, 'Give a number from 1 to 10000.'],
  ['audit search --outcome maybe', 2, 'Choose one of done, refused, failed.'],
  ['audit search --csv=perhaps', 2, 'Say yes or no, or leave it out.'],
  ['audit search --customer nobody@firm.com', 5, 'There is no customer nobody@firm.com.'],
])('“%s” exits %i with a sentence', async (line, code, sentence) => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy(line);

  expect(typed.code).toBe(code);
  expect(typed.err).toContain(sentence);
});

test('a row whose JSON somebody broke is shown as it is', async () => {
  const { lucy, database } = await busyWorld();
  await dropGuards(database);
  await database
    .knex('audit_events')
    .where({ ticket: 'ZD-812' })
    .update({ before: '{broken', approved_by: '7' });

  const typed = await lucy('audit search --ticket ZD-812');

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('{broken');
  expect((await lucy('audit search --ticket ZD-812 --json')).json<Found>().rows).toMatchObject([
    { before: '{broken', approvedBy: [] },
  ]);
});

test('help says that a flag takes no value', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy('audit search --help')).out).toMatch(
    /--csv +As a CSV file \(optional, takes no value\)/,
  );
});

test('support is refused, and that is audited', async () => {
  const { lucy, found } = await busyWorld();

  const typed = await lucy('audit search --customer sofia@firm.com', staff('support'));

  expect(typed.code).toBe(3);
  expect(await found('--command "audit search"')).toMatchObject([{ outcome: 'refused' }]);
});
