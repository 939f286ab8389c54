import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Sql } from '#db/connection.ts';
import { publishHead } from '#src/audit/publish-head.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { type AuditWorld, auditWorld, dropGuards } from '#test/world/audit-world.ts';
import { cutTail, resealFrom, seededRandom, tamperings } from '#test/world/tamper.ts';

const LENGTH = 24;
const ROUNDS = 1_000;

/** A sealed audit, its head told, on a copy whose triggers somebody has dropped. */
async function ownedWorld(length = LENGTH): Promise<AuditWorld> {
  const world = await auditWorld();
  await world.record(length);
  await world.seal();
  world.clock.advance(DAY_MS);
  await publishHead({ ...world, settings: sampleSettings, log: createLog('silent') });
  await dropGuards(world.database);
  return world;
}

/** Does it, looks, and takes it back. */
async function tried<T>({ database }: AuditWorld, work: (sql: Sql) => Promise<T>): Promise<T> {
  const trx = await database.knex.transaction();
  try {
    return await work(trx);
  } finally {
    await trx.rollback();
  }
}

test(`${ROUNDS} random edits, deletions, swaps, insertions and cuts are all detected`, async () => {
  const world = await ownedWorld();
  const missed: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const tampering = tamperings[round % tamperings.length];
    await tried(world, async (sql) => {
      await tampering?.run(sql, LENGTH, seededRandom(round));
      const { count } = await world.broken(sql);
      if (count === 0) missed.push(`${tampering?.name} (seed ${round})`);
    });
  }
  expect(missed).toEqual([]);
  expect(await world.broken()).toEqual({ first: 'nothing', count: 0 });
}, 60_000);

test('the first bad row is named, and one bad row is one problem', async () => {
  const world = await ownedWorld();
  const ids: string[] = await world.database.knex('audit_seals').orderBy('seq').pluck('audit_id');
  const at = (seq: number) => ids[seq - 1] ?? '';
  const firstOf = (work: (sql: Sql) => Promise<unknown>) =>
    tried(world, async (sql) => {
      await work(sql);
      return world.broken(sql);
    });

  expect(
    await firstOf((sql) =>
      sql('audit_events')
        .where({ id: at(7) })
        .update({ reason: 'forged' }),
    ),
  ).toEqual({
    first: `The audit row ${at(7)} and its seal 7 do not fit: one of them was altered, swapped or put in.`,
    count: 1,
  });
  expect(
    await firstOf((sql) =>
      sql('audit_events')
        .where({ id: at(7) })
        .delete(),
    ),
  ).toEqual({
    first: `The audit row ${at(7)}, sealed as 7, was deleted.`,
    count: 1,
  });
  expect(
    await firstOf(async (sql) => {
      await sql('audit_events')
        .whereIn('id', [at(20), at(3), at(9)])
        .update({ ticket: 'ZD-0' });
    }),
  ).toEqual({ first: expect.stringContaining(`${at(3)} and its seal 3 do not fit`), count: 3 });
  expect((await firstOf((sql) => sql('audit_seals').where({ seq: 5 }).delete())).first).toBe(
    'After seal 4 comes seal 6: what was sealed between them is gone, or one of them was put in.',
  );
  expect((await firstOf((sql) => sql('audit_seals').where('seq', '>', 20).delete())).first).toBe(
    'The audit was sealed up to 24, but the chain ends at 20: its tail was cut.',
  );
});

test('every column of an audit row is sealed, whichever a later migration adds', async () => {
  const world = await ownedWorld(3);
  const columns = await world.database.knex('audit_events').columnInfo();
  const names = Object.keys(columns).filter((name) => name !== 'id');
  expect(names.length).toBeGreaterThanOrEqual(18);
  for (const name of names) {
    const isNumber = /int/i.test(columns[name]?.type ?? '');
    const value = name === 'outcome' ? 'failed' : isNumber ? 1 : 'forged';
    const { count } = await tried(world, async (sql) => {
      await sql('audit_events')
        .whereIn('id', sql('audit_seals').where({ seq: 2 }).select('audit_id'))
        .update({ [name]: value });
      return world.broken(sql);
    });
    expect(count, name).toBe(1);
  }
});

test('a column that is added later leaves what was sealed before in order, and is sealed from then on', async () => {
  const { database, record, seal, broken } = await auditWorld();
  await record(2);
  await seal();
  await database.knex.schema.alterTable('audit_events', (table) => {
    table.text('added_later');
  });
  expect((await broken()).count).toBe(0);

  await dropGuards(database);
  await database.knex('audit_events').update({ added_later: 'forged' });

  expect((await broken()).count).toBe(2);
});

test('a tail cut with its rows and its head is missed by the chain, and noticed by what was told', async () => {
  const world = await ownedWorld();
  await tried(world, async (sql) => {
    await cutTail(sql, 20);
    expect((await world.broken(sql)).first).toContain('The head 24 that was told in the log at 2026-11-22');
  });
  await tried(world, async (sql) => {
    await cutTail(sql, 20);
    await sql('audit_anchors').where({ told: 'log' }).delete();
    expect((await world.broken(sql)).first).toContain('was told in the oncall channel');
  });
});

test('when those notes are cut too, the head that a channel holds tells', async () => {
  const world = await ownedWorld();
  const head = await world.database.knex('audit_seals').where({ seq: 24 }).first();
  const told = { seq: 24, hash: head.hash };
  const now = world.clock.now();
  await tried(world, async (sql) => {
    await cutTail(sql, 20);
    await sql('audit_anchors').delete();
    expect((await world.broken(sql)).count).toBe(0);

    const { problems } = await verifyAudit(sql, now, told);
    expect(problems[0]?.sentence).toBe('You hold the head 24, but the chain ends at 20: its tail was cut.');
  });
  await tried(world, async (sql) => {
    await sql('audit_events').where('ticket', 'ZD-3').update({ reason: 'forged' });
    await sql('audit_chain').update({ head_hash: await resealFrom(sql, 4, 24) });
    await sql('audit_anchors').delete();
    expect((await world.broken(sql)).count).toBe(0);

    const { problems } = await verifyAudit(sql, now, told);
    expect(problems[0]?.sentence).toBe(
      'Seal 24 is not the one that you hold: the chain was rewritten at or before it.',
    );
  });
  expect((await verifyAudit(world.database.knex, now, told)).problemCount).toBe(0);
});

test('what waits to be sealed is young, then overdue; one that is deleted meanwhile is missed', async () => {
  const { database, record, seal, clock } = await auditWorld();
  await record(1);
  await seal();
  const [id] = await record(2);
  const unsealed = async () => (await verifyAudit(database.knex, clock.now())).unsealed;

  expect(await unsealed()).toEqual({ count: 2, oldestAt: expect.any(Number), isOverdue: false });
  clock.advance(16 * 60_000);
  expect(await unsealed()).toMatchObject({ count: 2, isOverdue: true });

  await dropGuards(database);
  await database.knex('audit_events').where({ id }).delete();
  const { problems } = await verifyAudit(database.knex, clock.now());
  expect(problems[0]?.sentence).toBe(`The audit row ${id} was deleted before it was sealed.`);
  expect(await seal()).toBe(1);
});

test('an empty audit is in order', async () => {
  const { database, clock } = await auditWorld();

  expect(await verifyAudit(database.knex, clock.now())).toEqual({
    seq: 0,
    hash: 'lucy-audit',
    checked: 0,
    anchors: 0,
    problems: [],
    problemCount: 0,
    unsealed: { count: 0, oldestAt: null, isOverdue: false },
  });
});

test('a chain that grows while it is walked is in order', async () => {
  const { database, record, seal, clock } = await auditWorld();
  await record(1_200);
  await seal();
  let isWalking = true;
  const growing = (async () => {
    while (isWalking) {
      await record(3);
      await seal();
      await nextTurn();
    }
  })();

  const proofs = [];
  for (let walk = 0; walk < 5; walk++) proofs.push(await verifyAudit(database.knex, clock.now()));
  isWalking = false;
  await growing;

  expect(proofs.map((proof) => proof.problems)).toEqual([[], [], [], [], []]);
  expect(proofs.at(-1)?.checked).toBeGreaterThan(1_200);
});
