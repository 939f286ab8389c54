import { expect, test } from 'vitest';
import { customersUnderHold, listEvidenceParts } from '#db/evidence-bundles.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import { makeBundles } from '#src/disputes/evidence/make-bundle.ts';
import { orderEvidence } from '#src/disputes/evidence/order.ts';
import { placeAfter } from '#src/disputes/evidence/place.ts';
import { verifyBundle } from '#src/disputes/evidence/verify.ts';
import { type AnswerWorld, answerWorld } from '#test/world/answer-world.ts';
import { testCause } from '#test/world/test-cause.ts';

/** AI calls of Sofia's, several of them in the same millisecond. */
async function uses(world: AnswerWorld, calls: number): Promise<string> {
  const { id } = await world.database.knex('customers').first('id');
  const now = world.clock.now();
  for (let from = 0; from < calls; from += 500)
    await world.database.knex('ai_usage').insert(
      Array.from({ length: Math.min(500, calls - from) }, (_, more) => ({
        usage_id: `usage_${String(calls - from - more).padStart(9, '0')}`,
        customer_id: id,
        credits: 1,
        model: 'gpt-x',
        meta: '{}',
        at: now - Math.floor((from + more) / 7),
        received_at: now,
        actor: 'api:product',
        correlation_id: `cor_${from + more}`,
      })),
    );
  return id;
}

const order = (world: AnswerWorld, customerId: string) =>
  orderEvidence(world.database.knex, testCause(world.clock.now()), {
    customerId,
    disputeId: null,
    cause: 'fraud',
  });

test('each of thousands of rows is preserved once, a part a step, and a step that is done again adds nothing', async () => {
  const world = await answerWorld();
  const customerId = await uses(world, 4_500);
  expect(await customersUnderHold(world.database.knex)).toEqual([]);
  const { id } = await order(world, customerId);
  expect(await customersUnderHold(world.database.knex)).toEqual([{ customer_id: customerId }]);
  const deps = { ...world.runner, settings: world.runner.settings };

  // Two processes at once.
  let steps = 0;
  while ((await Promise.all([makeBundles(deps), makeBundles(deps)])).some((did) => did > 0)) steps++;

  expect(steps).toBeGreaterThan(20);
  const parts = await listEvidenceParts(world.database.knex, id);
  const usage = parts.filter(({ name }) => name.startsWith('ai_usage'));
  expect(usage.map(({ name }) => name)).toEqual(['ai_usage.jsonl', 'ai_usage-2.jsonl', 'ai_usage-3.jsonl']);
  const rows = usage.flatMap(({ content }) => content.trim().split('\n'));
  expect(rows).toHaveLength(4_500);
  expect(new Set(rows.map((line) => JSON.parse(line).usage_id)).size).toBe(4_500);
  const [bundle] = await world.database.knex('evidence_bundles').where({ id });
  expect(bundle.sha256).toBe(sha256(bundle.manifest));
  expect(verifyBundle(bundle, parts)).toEqual([]);
  const audited = await world.database.knex('audit_events').where({ command: 'evidence preserve' });
  expect(audited.map(({ after }) => JSON.parse(after))).toEqual([{ bundle: id, sha256: bundle.sha256 }]);
});

test('until the bundle is complete the card says so, and the file is asked for in vain', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const { knex } = world.database;
  const row = await world.row(dispute.id);
  await orderEvidence(knex, testCause(world.clock.now() + 1), {
    customerId: row?.customer_id ?? '',
    disputeId: dispute.id,
    cause: 'fraud',
  });
  const { id: other } = await knex('customers').first('id');
  expect((await world.as('bea', `dispute show ${dispute.id}`)).out).toContain('Being preserved');

  const waiting = await order(world, other);
  expect(await world.as('bea', `dispute evidence ${waiting.id}`)).toMatchObject({
    code: 1,
    err: expect.stringContaining('is being preserved; it is under legal hold already'),
  });

  await world.booked();

  expect((await world.as('bea', `dispute show ${dispute.id}`)).out).not.toContain('Being preserved');
  expect((await world.as('bea', `dispute evidence ${waiting.id}`)).code).toBe(0);
});

test('a part that is exactly full is followed by another, also of nothing', () => {
  const part = (name: string, rows: number) => ({
    bundle_id: 'bnd_1',
    seq: 4,
    name,
    content: Array.from({ length: rows }, (_, id) => `{"id":${id}}\n`).join(''),
  });
  const tables = ['customers', 'ai_usage'];

  expect(placeAfter(undefined, tables, 2)).toMatchObject({ seq: 1, name: 'customers.jsonl', after: null });
  expect(placeAfter(part('ai_usage-2.jsonl', 2), tables, 2)).toEqual({
    seq: 5,
    table: 'ai_usage',
    name: 'ai_usage-3.jsonl',
    after: { id: 1 },
  });
  expect(placeAfter(part('ai_usage-3.jsonl', 0), tables, 2)).toBeNull();
});
