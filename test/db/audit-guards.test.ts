import { expect, test } from 'vitest';
import { publishHead } from '#src/audit/publish-head.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { auditWorld } from '#test/world/audit-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';

/** Two sealed rows whose head was told, and one that waits. */
async function sealedWorld() {
  const world = await auditWorld();
  await world.record(2);
  await world.seal();
  world.clock.advance(DAY_MS);
  await publishHead({ ...world, settings: sampleSettings, log: createLog('silent') });
  await world.record(1);
  return world.database.knex;
}

test.each(['audit_seals', 'audit_anchors'])('%s can be neither changed nor deleted', async (table) => {
  const knex = await sealedWorld();
  const before = await knex(table).orderBy('seq');
  expect(before.length).toBeGreaterThan(0);

  await expect(knex(table).update({ hash: 'forged' })).rejects.toThrow(`${table} is append-only`);
  await expect(knex(table).delete()).rejects.toThrow(`${table} is append-only`);
  const detour = testEngine === 'postgres' ? 'truncate ??' : 'insert or replace into ?? select * from ??';
  await expect(knex.raw(detour, testEngine === 'postgres' ? [table] : [table, table])).rejects.toThrow(
    'is append-only',
  );

  expect(await knex(table).orderBy('seq')).toEqual(before);
});

test('the head of the chain never goes back, and is never taken away', async () => {
  const knex = await sealedWorld();

  await expect(knex('audit_chain').update({ head_seq: 1 })).rejects.toThrow('only grows');
  await expect(knex('audit_chain').delete()).rejects.toThrow('only grows');
  await expect(
    knex('audit_chain').insert({ id: 2, head_seq: 0, head_hash: '', updated_at: 0, proof_due_at: 0 }),
  ).rejects.toThrow();

  expect(await knex('audit_chain')).toMatchObject([{ id: 1, head_seq: 2 }]);
});

test('a row that waits to be sealed is not forgotten before', async () => {
  const knex = await sealedWorld();

  await expect(knex('audit_unsealed').delete()).rejects.toThrow('forgotten only when it is sealed');
  await expect(knex('audit_unsealed').update({ audit_id: 'aud_other' })).rejects.toThrow('audit_unsealed');

  expect(await knex('audit_unsealed')).toHaveLength(1);
});
