import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { emptyDatabaseUrl } from '#test/world/empty-database.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { type CopyOptions, type MovingWorld, movingWorld } from '#test/world/moving-world.ts';
import { run } from '#test/world/processes.ts';
import { staff } from '#test/world/terminal-world.ts';

/** The server that is moved to comes with the tests on Postgres. */
const onPostgres = (name: string, body: () => Promise<void>) =>
  test.skipIf(testEngine === 'sqlite')(name, body, 120_000);
const really = ['--reason', 'outgrown', '--yes'];

async function insertCustomers(world: MovingWorld, emails: string[]): Promise<void> {
  for (const [index, email] of emails.entries())
    await world.source.database.knex('customers').insert({ id: `cust_${index}`, email, created_at: index });
}

onPostgres('what is in the way is told before anything is written, each with what to do next', async () => {
  const world = await movingWorld();
  await insertCustomers(world, ['sofia@firm.com']);
  const { url } = world.source;
  const target = world.target();
  const words = async (args: string[], options: CopyOptions = {}) => {
    const { code, err } = await world.copy(args, options);
    return { code, err };
  };

  // A service, or a terminal, that has the file open, although it is idle.
  const open = openDatabase(url);
  await open.knex('customers').first();
  const inUse = await world.copy(really, { keepsOpen: true });
  await open.close();
  expect(inUse).toMatchObject({ code: 1 });
  expect(inUse.err).toMatch(/Something has the SQLite database .* open.*\n.*Stop Lucy/);

  expect(await words([])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--reason "why" and --yes'),
  });
  expect(await words(['--reason', 'x', '--yes'])).toMatchObject({ code: 2 });
  expect(await words(['--to', 'postgres://u:geheim@h/db', ...really])).toMatchObject({ code: 2 });
  expect((await words(['--frobnicate'])).err).toContain('none that db copy knows');
  expect(await words(really, { to: '' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('NEW_DATABASE is not set'),
  });
  expect((await words(really, { to: 'sqlite:other.db' })).err).toContain('not into another SQLite file');
  expect((await words(really, { from: world.targetUrl })).err).toContain('pg_dump');
  expect(await words(really, { from: 'sqlite:/nowhere/lucy.db' })).toMatchObject({ code: 5 });
  const unreachable = await words(really, { to: 'postgres://lucy:geheim@127.0.0.1:9/lucy' });
  expect(unreachable.err).toContain('cannot be reached');
  expect(unreachable.err).not.toContain('geheim');
  expect((await words(really, { to: `${world.targetUrl}_not_there` })).err).toContain('createdb');
  expect(await words(really, { as: staff('support') })).toMatchObject({
    code: 3,
    err: expect.stringContaining('for on-call and admins'),
  });
  const stranger = { ...staff(), refusal: 'The user x of this machine is nobody under people:' };
  expect(await words(really, { as: stranger })).toMatchObject({
    code: 3,
    err: expect.stringContaining('nobody under people:'),
  });

  // Nothing of all this touched the target.
  expect(await target.knex.schema.hasTable('customers')).toBe(false);

  await target.knex.raw('create table invoices (id int)');
  await target.knex.raw('insert into invoices values (1), (2)');
  const full = await words(['--dry-run']);
  expect(full).toMatchObject({ code: 1, err: expect.stringContaining('invoices (2 rows)') });
  expect(full.err).toContain('createdb');
  expect((await world.copy([...really, '--json'])).out).toContain('"code": "conflict"');
  expect(await target.knex('invoices')).toHaveLength(2);
});

onPostgres('an older and a newer schema are refused, and nothing is migrated on the way', async () => {
  const world = await movingWorld();
  const { knex } = world.source.database;
  const last = (await knex('knex_migrations').orderBy('name', 'desc').first()).name;
  await knex('knex_migrations').where({ name: last }).delete();
  const older = await world.copy(really);
  const again = openDatabase(world.source.url);
  expect(await again.knex('knex_migrations').where({ name: last })).toEqual([]);
  await again.knex('knex_migrations').insert({ name: last, batch: 1, migration_time: 1 });
  await again
    .knex('knex_migrations')
    .insert({ name: '29990101T000000_create_future.ts', batch: 2, migration_time: 1 });
  await again.close();
  const newer = await world.copy(really);

  expect(older).toMatchObject({ code: 1, err: expect.stringContaining('1 migration is missing') });
  expect(newer).toMatchObject({ code: 1, err: expect.stringContaining('29990101T000000_create_future.ts') });
});

onPostgres(
  'a row that Postgres cannot hold is named, and so is an account that does not add up',
  async () => {
    const world = await movingWorld();
    const { knex } = world.source.database;
    await insertCustomers(world, ['nul@firm.com', 'bytes@firm.com', 'fraction@firm.com', 'fine@firm.com']);
    await knex.raw("update customers set name = 'a' || char(0) || 'b' where id = 'cust_0'");
    await knex.raw("update customers set name = cast(x'ff41' as text) where id = 'cust_1'");
    await knex.raw("update customers set created_at = 1.5 where id = 'cust_2'");
    await knex.raw("update customers set name = '\uFFFD' where id = 'cust_3'");
    const dry = await world.copy(['--dry-run']);
    const copied = await world.copy(really);

    expect(dry.code).toBe(1);
    expect(dry.out).toContain('customers.name of the row with the rowid 1 holds a NUL character');
    expect(dry.out).toContain('customers.name of the row with the rowid 2 holds bytes that are not UTF-8');
    expect(dry.out).toContain('customers.created_at of the row with the rowid 3 holds a fraction');
    expect(dry.out).not.toContain('rowid 4');
    expect(copied.code).toBe(2);
    expect(copied.err).toContain('holds a NUL character');

    const mended = openDatabase(world.source.url);
    await mended.knex.raw('update customers set name = null, created_at = 1');
    await mended.knex('credit_accounts').insert({ id: 'acc_1', customer_id: 'cust_0', balance: 5 });
    await mended.close();
    const unbalanced = await world.copy(really);
    const taken = await world.copy([...really, '--with-problems']);

    expect(unbalanced).toMatchObject({ code: 1 });
    expect(unbalanced.err).toContain('1 credit account does not add up, the first that of cust_0');
    expect(taken.code, taken.err).toBe(0);
    expect(taken.out).toContain('It does not hold, here as there: 1 credit account does not add up');
    const [told] = await world.target().knex('audit_events').where({ command: 'db copy' });
    expect(told).toMatchObject({ reason: 'outgrown', surface: 'terminal' });
    expect(JSON.parse(told.after).problems).toHaveLength(1);
  },
);

onPostgres(
  'a row whose parent is not there is refused by the foreign key, in a sentence without its values',
  async () => {
    const world = await movingWorld();
    const { knex } = world.source.database;
    await knex.raw('pragma foreign_keys = off');
    await knex('credit_accounts').insert({ id: 'acc_secret', customer_id: 'cust_secret' });
    const copied = await world.copy(really);

    expect(copied).toMatchObject({
      code: 2,
      err: expect.stringContaining('Postgres refused a row of credit_accounts'),
    });
    expect(copied.err).not.toContain('secret');
  },
);

test('help needs no settings and no database', async () => {
  const ended = await run(['src/cli.ts', 'db', 'copy', '--help'], { DATABASE_URL: 'nonsense' });
  const alone = await run(['src/cli.ts', 'db'], {});

  expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('--to-env') });
  expect(alone).toMatchObject({ code: 0, out: expect.stringContaining('lucy db copy') });
});

test('“db migrate” makes and migrates a database, and the second time has nothing to do', async () => {
  const url = await emptyDatabaseUrl();
  const first = await run(['src/cli.ts', 'db', 'migrate'], { DATABASE_URL: url });
  const second = await run(['src/cli.ts', 'db', 'migrate'], { DATABASE_URL: url });
  const database = openDatabase(url);
  await database
    .knex('knex_migrations')
    .insert({ name: '29990101T000000_create_future.ts', batch: 2, migration_time: '2999-01-01' });
  await database.close();
  const newer = await run(['src/cli.ts', 'db', 'migrate'], { DATABASE_URL: url });

  expect(first).toMatchObject({ code: 0, out: expect.stringContaining('brought to this version') });
  expect(second).toMatchObject({ code: 0, out: expect.stringContaining('nothing was changed') });
  expect(newer).toMatchObject({ code: 78, err: expect.stringContaining('newer version of Lucy') });
}, 120_000);
