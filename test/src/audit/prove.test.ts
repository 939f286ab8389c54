import { expect, test } from 'vitest';
import { readAuditHead } from '#db/audit-chain.ts';
import { proveAudit } from '#src/audit/prove.ts';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { auditWorld, dropGuards } from '#test/world/audit-world.ts';

async function provingWorld() {
  const world = await auditWorld();
  await world.record(5);
  await world.seal();
  const { knex } = world.database;
  return {
    ...world,
    prove: () => proveAudit({ ...world, log: createLog('silent') }),
    findings: () => knex('findings').orderBy('subject'),
    told: (): Promise<string[]> => knex('outbox').where({ target: 'oncall' }).orderBy('id').pluck('payload'),
  };
}

test('the proof is made once a night, and says nothing when all is well', async () => {
  const { prove, clock, findings } = await provingWorld();

  expect(await Promise.all([prove(), prove()])).toContain(false);
  expect(await prove()).toBe(false);
  clock.advance(DAY_MS);
  expect(await prove()).toBe(true);

  expect(await findings()).toEqual([]);
});

test('what somebody rewrote is a finding for on-call, told once, and settled when it is right again', async () => {
  const { prove, clock, findings, told, database } = await provingWorld();
  await dropGuards(database);
  await database.knex('audit_events').where({ ticket: 'ZD-2' }).update({ reason: 'forged' });

  await prove();
  clock.advance(DAY_MS);
  await prove();

  expect(await findings()).toMatchObject([{ kind: 'audit_broken', subject: 'chain', state: 'open' }]);
  const messages = await told();
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain('The audit was changed behind Lucy’s back.');
  expect(messages[0]).toContain('its seal 3 do not fit');
  expect(messages[0]).toContain('compare with the last backup');

  await database.knex('audit_events').where({ ticket: 'ZD-2' }).update({ reason: 'a test' });
  clock.advance(DAY_MS);
  await prove();
  expect(await findings()).toMatchObject([{ state: 'closed' }]);
});

test('a sealer that stands still is a finding of its own', async () => {
  const { prove, record, clock, findings, told } = await provingWorld();
  await record(2);
  clock.advance(HOUR_MS);

  await prove();

  expect(await findings()).toMatchObject([{ kind: 'audit_broken', subject: 'sealing', state: 'open' }]);
  expect((await told())[0]).toContain('2 audit rows should be sealed by now, and are not.');
});

test('a proof that dies in the middle is tried again two hours later, by anybody', async () => {
  const { prove, clock, database, findings } = await provingWorld();
  await dropGuards(database);
  await database.knex('audit_events').where({ ticket: 'ZD-2' }).delete();
  await database.knex.schema.renameTable('audit_anchors', 'audit_anchors_away');
  await expect(prove()).rejects.toThrow();
  await database.knex.schema.renameTable('audit_anchors_away', 'audit_anchors');

  expect(await prove()).toBe(false);
  clock.advance(2 * HOUR_MS);
  expect(await prove()).toBe(true);

  expect(await findings()).toMatchObject([{ kind: 'audit_broken', subject: 'chain' }]);
  expect(await readAuditHead(database.knex)).toMatchObject({ head_seq: 5 });
});
