import { expect, test } from 'vitest';
import { publishHead } from '#src/audit/publish-head.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { auditWorld } from '#test/world/audit-world.ts';

async function tellingWorld(audit: Record<string, string> = {}) {
  const world = await auditWorld();
  const logs: Record<string, unknown>[] = [];
  const log = createLog('info', { write: (line: string) => void logs.push(JSON.parse(line)) });
  const deps = { ...world, log, settings: settingsSchema.parse({ audit }) };
  const { knex } = world.database;
  return {
    ...world,
    publish: () => publishHead(deps),
    logged: () => logs.filter((line) => line.event === 'audit_head').map((line) => line.seq),
    told: async () => {
      const rows: { target: string; payload: string }[] = await knex('outbox').orderBy('id');
      return rows.map((row) => ({ target: row.target, reply: JSON.parse(row.payload) }));
    },
    logs,
  };
}

test('the head is logged every hour and told in the channel every day, when it moved', async () => {
  const { clock, record, seal, publish, logged, told } = await tellingWorld();
  expect(await publish()).toBe(0);
  await record(3);
  await seal();
  expect(await publish()).toBe(0);

  clock.advance(HOUR_MS);
  expect(await publish()).toBe(1);
  clock.advance(HOUR_MS);
  expect(await publish()).toBe(0);
  await record(2);
  await seal();
  expect(await publish()).toBe(1);
  expect(logged()).toEqual([3, 5]);
  expect(await told()).toEqual([]);

  clock.advance(22 * HOUR_MS);
  expect(await publish()).toBe(1);
  expect(await told()).toMatchObject([
    { target: 'oncall', reply: { title: 'The audit is sealed, 5 rows so far.' } },
  ]);
  clock.advance(2 * DAY_MS);
  expect(await publish()).toBe(0);
});

test('the message and the log line carry what “audit verify --head” takes', async () => {
  const { clock, record, seal, publish, told, logs, database } = await tellingWorld();
  await record(3);
  await seal();
  clock.advance(DAY_MS);
  await publish();

  const { hash } = await database.knex('audit_seals').where({ seq: 3 }).first();
  const [message] = await told();
  expect(message?.reply.hint).toContain(`audit verify --head 3:${hash}`);
  expect(message?.reply.facts).toEqual([{ label: 'Head', value: { code: `3:${hash}` } }]);
  expect(logs).toMatchObject([
    { event: 'audit_head', seq: 3, hash, correlationId: expect.stringMatching(/^cor_/) },
  ]);
  expect(await database.knex('audit_anchors').orderBy('told')).toMatchObject([
    { told: 'log', seq: 3, hash },
    { told: 'oncall', seq: 3, hash },
  ]);
  expect(await verifyAudit(database.knex, clock.now())).toMatchObject({ anchors: 2, problemCount: 0 });
});

test('the settings say which channel, and how often', async () => {
  const { clock, record, seal, publish, told } = await tellingWorld({
    channel: 'billing',
    head_every: '30m',
  });
  await record(1);
  await seal();
  clock.advance(30 * MINUTE_MS);

  await publish();

  expect(await told()).toMatchObject([{ target: 'billing' }]);
});

test('two processes at once tell it once', async () => {
  const { clock, record, seal, publish, logged, told } = await tellingWorld();
  await record(1);
  await seal();
  clock.advance(DAY_MS);

  const counts = await Promise.all([publish(), publish(), publish()]);

  expect(counts.sort()).toEqual([0, 0, 2]);
  expect(logged()).toEqual([1]);
  expect(await told()).toHaveLength(1);
});
