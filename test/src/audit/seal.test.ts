import { expect, test } from 'vitest';
import { readAuditHead } from '#db/audit-chain.ts';
import { insertAuditEvent } from '#db/audit-events.ts';
import { openDatabase } from '#db/connection.ts';
import { recordAudit } from '#src/audit/record.ts';
import { sealNext } from '#src/audit/seal.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { newId } from '#src/core/ids.ts';
import { auditWorld } from '#test/world/audit-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { runProgram } from '#test/world/run-program.ts';
import { testCause } from '#test/world/test-cause.ts';

const facts = {
  command: 'credits grant',
  outcome: 'done' as const,
  customerId: null,
  input: {},
  before: null,
  after: null,
};

test('rows are sealed in the order of their ids, in batches, once', async () => {
  const { database, record, seal, clock } = await auditWorld();
  const ids = await record(450);

  expect(await sealNext({ database, clock })).toBe(200);
  expect(await seal()).toBe(250);
  expect(await seal()).toBe(0);

  const seals = await database.knex('audit_seals').orderBy('seq');
  expect(seals.map((row) => row.audit_id)).toEqual(ids);
  expect(seals.map((row) => row.seq)).toEqual(ids.map((_, index) => index + 1));
  expect(await database.knex('audit_unsealed')).toEqual([]);
  expect(await readAuditHead(database.knex)).toMatchObject({ head_seq: 450, head_hash: seals[449].hash });
  expect(await verifyAudit(database.knex, clock.now())).toMatchObject({ checked: 450, problemCount: 0 });
});

test('the hash of a known row is the same for ever, on both engines', async () => {
  const { database, clock, seal } = await auditWorld();
  await database.knex('audit_events').insert({
    id: 'aud_1',
    at: 1_793_664_000_000,
    actor_id: 'slack:U0SAM00001',
    actor_name: 'Sam',
    person: 'sam',
    surface: 'slack',
    command: 'credits grant',
    outcome: 'done',
    run_id: 'run_1',
    customer_id: 'cust_1',
    input: '{"count":"100"}',
    before: '{"balance":0}',
    after: '{"balance":100}',
    reason: 'Überweisung “verloren” 🧾',
    ticket: 'ZD-812',
    correlation_id: 'cor_1',
  });
  clock.set(1_793_664_005_000);

  await seal();

  expect(await database.knex('audit_seals').pluck('hash')).toEqual([
    '7b1c5d68421e156890a621c87942b2d627424c1f873cfddec1ffe891c1d54ced',
  ]);
});

test('what commits late is sealed later, behind younger rows, and everything is in order', async () => {
  const { database, record, seal, clock } = await auditWorld();
  const late = newId('aud', clock.now());
  await record(3);
  await seal();

  const row = await database.knex('audit_events').first();
  await insertAuditEvent(database.knex, { ...row, id: late });
  await record(2);
  await seal();

  const order = await database.knex('audit_seals').orderBy('seq').pluck('audit_id');
  expect(order.indexOf(late)).toBe(3);
  expect([...order].sort()[0]).toBe(late);
  expect((await verifyAudit(database.knex, clock.now())).problemCount).toBe(0);
});

// SQLite has one writer at a time, so there is nothing of this kind to see there.
if (testEngine === 'postgres')
  test('a row that is not committed yet holds up nobody', async () => {
    const { database, record, seal, clock } = await auditWorld();
    const open = await database.knex.transaction();
    const late = await recordAudit(open, testCause(clock.now()), facts);
    await record(3);

    expect(await seal()).toBe(3);
    expect((await verifyAudit(database.knex, clock.now())).problemCount).toBe(0);
    await open.commit();
    expect(await seal()).toBe(1);

    expect(await database.knex('audit_seals').orderBy('seq', 'desc').first()).toMatchObject({
      seq: 4,
      audit_id: late,
    });
  });

test('several sealers at once seal every row once, in one chain', async () => {
  const { database, url, record, clock } = await auditWorld();
  await record(900);
  const others = [openDatabase(url), openDatabase(url)];

  const work = async (mine: typeof database) => {
    let sealed = 0;
    for (let more = 1; more > 0; sealed += more) more = await sealNext({ database: mine, clock });
    return sealed;
  };
  const counts = await Promise.all([database, ...others].map(work));
  await Promise.all(others.map((other) => other.close()));

  expect(counts.reduce((sum, count) => sum + count)).toBe(900);
  expect(await verifyAudit(database.knex, clock.now())).toMatchObject({
    checked: 900,
    problemCount: 0,
    unsealed: { count: 0 },
  });
});

test.each(['insert into "audit_seals"', 'delete from "audit_unsealed"', 'update "audit_chain"'])(
  'a sealer killed before “%s” leaves the chain as it was, and the next one goes on',
  async (statement) => {
    const { database, url, record, seal, clock } = await auditWorld();
    await record(250);
    await sealNext({ database, clock });
    const before = await readAuditHead(database.knex);

    const killed = await runProgram('seal', [
      url,
      statement.replaceAll('"', testEngine === 'sqlite' ? '`' : '"'),
    ]);

    expect(killed.signal, killed.out).toBe('SIGKILL');
    expect(await readAuditHead(database.knex)).toEqual(before);
    expect(await seal()).toBe(50);
    expect(await verifyAudit(database.knex, clock.now())).toMatchObject({ checked: 250, problemCount: 0 });
  },
);

test('what was written before there was a chain is sealed too', async () => {
  const { database, record, seal } = await auditWorld();
  const directory = new URL('../../../migrations', import.meta.url).pathname;
  const config = { directory, loadExtensions: ['.ts'], extension: 'ts' };
  const seals = '20261121T150100_create_audit_seals.ts';
  await database.knex.migrate.down({ ...config, name: seals });
  const ids = await record(3);
  await database.knex.migrate.up({ ...config, name: seals });

  expect(await seal()).toBe(3);

  expect(await database.knex('audit_seals').orderBy('seq').pluck('audit_id')).toEqual(ids);
});
