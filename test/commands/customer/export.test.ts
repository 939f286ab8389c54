import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { findUnbalancedAccounts } from '#db/credit-proof.ts';
import { migrate } from '#db/migrate.ts';
import { sealNext } from '#src/audit/seal.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { exportAsFile } from '#src/export/export-as-file.ts';
import { createScrub } from '#src/export/scrub.ts';
import { type ApiWorld, apiWorld } from '#test/world/api-world.ts';
import { sofia } from '#test/world/billing-world.ts';
import { seen, slackWorld } from '#test/world/slack-world.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const ask = 'customer export --anonymized --reason "bug of ZD-812"';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lucy-export-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function open(path: string): Promise<Database> {
  const database = openDatabase(`sqlite:${path}`);
  onTestFinished(() => database.close());
  expect(await migrate(database)).toEqual([]);
  return database;
}

/** Sofia pays, spends, is granted and refused; a second customer does nothing. */
async function busyWorld(): Promise<ApiWorld> {
  const world = await apiWorld();
  const { truth, receive, drain, lucy, post, call } = world;
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  await receive(events.subscription('updated', subscription, 'evt_1SecretOfSofia'));
  const invoice = truth.payInvoice(subscription.id);
  await receive(events.invoice('paid', invoice, 'evt_2SecretOfSofia'));
  await drain();
  await lucy(
    'credits grant sofia@firm.com 120 --reason "Sofia phoned from Elm Street" --ticket ZD-812 --yes',
  );
  await lucy('credits consume sofia@firm.com 20 --reason "Sofia again" --yes');
  await lucy('credits consume sofia@firm.com 99999 --reason "too much for Sofia" --yes');
  await lucy('customer add past@firm.com --reason "Past Due Ltd of Elm Street" --yes');
  await call('PUT', '/api/customers/user-of-sofia', { email: 'sofia@firm.com' });
  await post(
    '/api/usage',
    { usage_id: 'use-sofia-1', email: 'sofia@firm.com', credits: 3, meta: { prompt: 'Elm Street' } },
    'k1',
  );
  return world;
}

const personal = /sofia|past due|past@|firm\.com|elm street|zd-812/i;

test('a whole copy holds nobody, holds together, and Lucy works on it', async () => {
  const world = await busyWorld();
  const home = await folder();
  const path = join(home, 'copy.db');

  const typed = await world.lucy(`${ask} --out ${path}`);

  expect(typed.code).toBe(0);
  expect(typed.out).toContain(`An anonymised copy of all data is in ${path}.`);
  expect(await readdir(home)).toEqual(['copy.db']);
  const bytes = (await readFile(path)).toString('latin1');
  const at = bytes.search(personal);
  expect(at === -1 ? '' : bytes.slice(at - 80, at + 40)).toBe('');

  const copy = await open(path);
  expect(await copy.knex.raw('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  const there = async (table: string) => Number((await copy.knex(table).count({ n: '*' }))[0]?.n);
  const here = async (table: string) => Number((await world.database.knex(table).count({ n: '*' }))[0]?.n);
  for (const table of [
    'customers',
    'credit_entries',
    'entitlement_changes',
    'runs',
    'stripe_events',
    'ai_usage',
  ])
    expect([table, await there(table)]).toEqual([table, await here(table)]);
  expect(await findUnbalancedAccounts(copy.knex)).toEqual([]);
  // What our own code writes as JSON has all its keys.
  for (const [table, column] of [
    ['runs', 'plan'],
    ['runs', 'reply'],
    ['outbox', 'payload'],
    ['subscriptions', 'items'],
    ['audit_events', 'before'],
  ] as const)
    expect([table, await keysIn(copy, table, column)]).toEqual([
      table,
      await keysIn(world.database, table, column),
    ]);
});

test('digits, days and small words of a person leave as little as their names', async () => {
  const world = await apiWorld();
  const { call, post, lucy } = world;
  await call('PUT', '/api/customers/48213', {
    email: 'anna@x.example',
    name: 'Lucy',
    stripeCustomer: 'cus_anna',
  });
  await post('/api/reports', {
    reportId: '778812',
    email: 'anna@x.example',
    kind: 'anna meier from ulm',
    meta: {
      phone: '+49 151 234567',
      iban_tail: '0532 0130 00',
      born: '1984-03-12',
      card: '4111 1111 1111 1111',
      first_name: 'grace',
      house: 80331,
    },
  });
  await lucy(
    'credits grant anna@x.example 120 --reason "1984-03-12" --ticket 778812 --yes',
    staff('billing'),
  );
  const path = join(await folder(), 'copy.db');

  expect((await lucy(`${ask} --out ${path}`)).code).toBe(0);

  const { knex } = await open(path);
  const kept = JSON.stringify(
    await Promise.all(
      ['customers', 'product_customers', 'reports', 'audit_events', 'runs', 'outbox', 'credit_entries'].map(
        (table) => knex(table),
      ),
    ),
  );
  expect(kept).not.toMatch(
    /(?<![0-9a-z])(48213|778812|anna|meier|ulm|151|234567|0532|0130|1984|4111|lucy(?!’s)|grace|80331)(?![0-9a-z])/i,
  );
  // The same product id is the same pseudonym in its table and in the audit, and amounts are still there.
  const [{ product_id }] = await knex('product_customers');
  expect(await knex('audit_events').where('input', 'like', `%${product_id}%`)).toHaveLength(1);
  expect(await knex('credit_entries').select('amount')).toEqual([{ amount: 120 }]);
  expect(
    JSON.parse((await knex('runs').where({ command: 'credits grant' }).first('input')).input),
  ).toMatchObject({ count: '120' });
});

test('a customer of the copy is looked up, granted to and proved like one of the original', async () => {
  const world = await busyWorld();
  const path = join(await folder(), 'sofia.db');

  const typed = await world.lucy(
    `customer export sofia@firm.com --anonymized --reason "bug" --out ${path} --json`,
  );
  const { customer, rows } = typed.json<{ customer: string; rows: number }>();

  expect(customer).toMatch(/^c-[0-9a-f]{20}@example\.invalid$/);
  expect(rows).toBeGreaterThan(10);
  const copy = await open(path);
  expect(await copy.knex('customers').select('email')).toEqual([{ email: customer }]);
  const original = await world.show('sofia@firm.com');
  const { runner } = await terminalWorld();
  const lucy = await on(copy, runner);
  const shown = (await lucy(`customer show ${customer} --json`)).json<typeof original>();
  expect(shown).toMatchObject({
    tier: original.tier,
    access: original.access,
    tierSource: original.tierSource,
    credits: original.credits,
  });
  expect(shown.creditEvents.map(({ type, amount }) => [type, amount])).toEqual(
    original.creditEvents.map(({ type, amount }) => [type, amount]),
  );
  expect((await lucy(`credits grant ${customer} 5 --reason "in staging" --yes`)).code).toBe(0);
  expect((await lucy(`credits audit ${customer}`)).code).toBe(0);
  expect((await lucy('customer show cus_sofia')).code).toBe(5);
});

test('its audit is sealed anew, and says that it is that of a copy', async () => {
  const world = await busyWorld();
  const path = join(await folder(), 'copy.db');
  await sealNext(world.runner);
  await world.lucy(`${ask} --out ${path}`);
  const copy = await open(path);

  expect(await copy.knex('audit_seals')).toEqual([]);
  while ((await sealNext({ database: copy, clock: world.clock })) > 0);

  const proof = await verifyAudit(copy.knex, world.clock.now());
  expect(proof).toMatchObject({ problemCount: 0, unsealed: { count: 0 } });
  expect(proof.checked).toBeGreaterThan(5);
  const lucy = await on(copy, world.runner);
  expect((await lucy('audit verify')).out).toContain('This is an anonymised copy, made 2026-11-21');
  expect((await world.lucy('audit verify')).out).not.toContain('copy');
  // The guards of a living database are back.
  await expect(copy.knex('audit_events').delete()).rejects.toThrow('append-only');
});

test('two exports have nothing in common by which they could be joined', async () => {
  const { lucy } = await sofiaWorld();
  const home = await folder();
  await lucy(`${ask} --out ${join(home, 'one.db')}`);
  await lucy(`${ask} --out ${join(home, 'two.db')}`);
  const emails = await Promise.all(
    ['one.db', 'two.db'].map(async (name) =>
      (await open(join(home, name))).knex('customers').first('email', 'id'),
    ),
  );

  expect(emails[0].email).not.toBe(emails[1].email);
  expect(emails[0].id).not.toBe(emails[1].id);
});

test('that it was handed out stands in the audit, with who and why', async () => {
  const { lucy, rows } = await sofiaWorld();
  const path = join(await folder(), 'copy.db');

  await lucy(`${ask} --ticket ZD-812 --out ${path}`, staff('oncall'));

  expect((await rows('audit_events', { command: 'customer export' }))[0]).toMatchObject({
    actor_id: 'terminal:oncall',
    outcome: 'done',
    reason: 'bug of ZD-812',
    ticket: 'ZD-812',
    input: JSON.stringify({ email: null, anonymized: true, out: path }),
  });
});

test('nothing is handed out with names in it, nor to support, nor over another file', async () => {
  const { lucy, rows } = await sofiaWorld();
  const home = await folder();
  const path = join(home, 'there.db');
  await writeFile(path, 'mine');

  const named = await lucy(`customer export --reason "bug" --out ${join(home, 'a.db')}`);
  const support = await lucy(`${ask} --out ${join(home, 'b.db')}`, staff('support'));
  const there = await lucy(`${ask} --out ${path}`);
  const nowhere = await lucy(ask);
  const nobody = await lucy(
    `customer export nobody@firm.com --anonymized --reason "bug" --out ${join(home, 'c.db')}`,
  );
  const unwritable = await lucy(`${ask} --out ${join(path, 'copy.db')}`);

  expect(named).toMatchObject({ code: 3 });
  expect(named.err).toContain('Lucy hands out no copy with customers’ names and addresses in it');
  expect(support).toMatchObject({ code: 3 });
  expect(there.err).toContain('is there already and was left as it is.');
  expect(nowhere).toMatchObject({ code: 2 });
  expect(nobody).toMatchObject({ code: 5 });
  expect(unwritable).toMatchObject({ code: 1 });
  expect(unwritable.err).toContain('could not be written');
  expect(await readdir(home)).toEqual(['there.db']);
  expect(await readFile(path, 'utf8')).toBe('mine');
  expect(await rows('audit_events', { command: 'customer export', outcome: 'done' })).toEqual([]);
});

test('at a terminal it says now and then how far it is, on stderr', async () => {
  const world = await sofiaWorld();
  let now = world.clock.now();
  world.runner.clock = { now: () => (now += 1_500) };

  const typed = await world.lucy(`${ask} --out ${join(await folder(), 'copy.db')}`);

  expect(typed.code).toBe(0);
  expect(typed.err).toMatch(/^(\w+: \d+ of \d+\n)+$/);
});

test('in Slack the copy comes as a file into the direct messages of whoever asked, and leaves nothing on the disk', async () => {
  const world = await slackWorld();
  const { slack, database } = world;
  await world.given('customer add sofia@firm.com');
  const olu = slack.as('olu');
  const before = await leftovers();

  await olu.say('lucy-oncall', '/lucy customer export sofia@firm.com --anonymized --reason "bug of ZD-812"');

  const answer = await seen(
    { slack },
    'olu',
    'lucy-oncall',
    'An anonymised copy of one customer’s data is made',
  );
  expect(answer).toMatchObject({ isEphemeral: true, files: [] });
  expect(answer.reads).toContain('The file copy.db is in your direct messages with me.');
  expect(answer.reads).not.toContain('[Share to channel]');
  expect(olu.dm()).toMatchObject([{ files: [{ name: 'copy.db' }] }]);
  expect(slack.as('bea').dm()).toEqual([]);
  expect(await database.knex('audit_events').where({ command: 'customer export' })).toMatchObject([
    { outcome: 'done', reason: 'bug of ZD-812', actor_name: 'Olu' },
  ]);
  const path = join(await folder(), 'got.db');
  await writeFile(path, await fileOf(slack.url, olu.id));
  const copy = await open(path);
  const customers = await copy.knex('customers').select('email');
  expect(customers).toHaveLength(1);
  expect(JSON.stringify(customers)).not.toMatch(personal);
  expect(await leftovers()).toEqual(before);
});

test.each([
  { rows: 1, bytes: 20_000_000 },
  { rows: 50_000, bytes: 10_000 },
])('a copy beyond %o is not made as a file, and nobody is said to have got one', async (limits) => {
  const { database, runner, clock } = await sofiaWorld();
  const before = await leftovers();
  const handed: unknown[] = [];

  const made = await exportAsFile(
    database.knex,
    {
      customerId: null,
      scrub: createScrub(runner.settings, runner.commands),
      now: clock.now(),
      beforeHandover: async (exported) => void handed.push(exported),
    },
    limits,
  );

  expect([made, handed]).toEqual([null, []]);
  expect(await leftovers()).toEqual(before);
});

async function leftovers(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('lucy-copy-'));
}

/** The one file that somebody got, as they download it. */
async function fileOf(url: string, userId: string): Promise<Buffer> {
  const snapshot = await fetch(`${url}/client/snapshot?as=${userId}`);
  const { messages } = (await snapshot.json()) as { messages: { files?: { id: string }[] }[] };
  const [file] = messages.flatMap((message) => message.files ?? []);
  const got = await fetch(`${url}/client/file?as=${userId}&id=${file?.id}`);
  return Buffer.from(await got.arrayBuffer());
}

async function keysIn({ knex }: Database, table: string, column: string): Promise<string[]> {
  const keys = new Set<string>();
  for (const row of await knex(table).whereNotNull(column).select(column))
    JSON.parse(row[column], (key, value) => {
      keys.add(key);
      return value;
    });
  return [...keys].sort();
}

/** The terminal on another database. */
async function on(database: Database, runner: ApiWorld['runner']) {
  const world = await terminalWorld();
  Object.assign(world.runner, { ...runner, database });
  return world.lucy;
}
