import { expect, test } from 'vitest';
import { insertEvidenceOrder } from '#db/evidence-orders.ts';
import { lowestId } from '#src/core/ids.ts';
import { createRunPruner } from '#src/runner/prune-runs.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';

const DAY_MS = 86_400_000;

async function grantedLongAgo() {
  const world = await sofiaWorld();
  const { database, clock, runner } = world;
  const granted = await world.lucy(
    'credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812 --yes --idempotency-key once --json',
  );
  const { run: made } = granted.json<{ run: string }>();
  // Ids say when a row was made; those of a test that another before it sent into the future do not.
  const id = `${lowestId('run', clock.now())}${'9'.repeat(16)}`;
  await database.knex('runs').where({ id: made }).update({ id });
  const run = () => database.knex('runs').where({ id }).first();
  const prune = createRunPruner({ ...runner });
  return { ...world, id, run, prune, clock, database };
}

test('after 400 days a receipt is one sentence and the way to the audit; before, it is whole', async () => {
  const { run, prune, clock } = await grantedLongAgo();
  const before = await run();

  clock.advance(399 * DAY_MS);
  await prune();
  expect(await run()).toEqual(before);
  clock.advance(2 * DAY_MS);
  await prune();

  const after = await run();
  expect(after).toEqual({ ...before, plan: after.plan, reply: after.reply, basis: null, origin: null });
  expect(JSON.parse(after.plan)).toEqual({ title: JSON.parse(before.plan).title });
  expect(JSON.parse(after.reply)).toMatchObject({
    tone: 'done',
    title: '100 credits granted to sofia@firm.com.',
    hint: `Receipts are kept in full for 400 days. The audit has what was changed: trace ${before.correlation_id}`,
  });
});

test('an old run is still undone by its id, and its key is still done once', async () => {
  const world = await grantedLongAgo();
  const { id, lucy, clock, prune } = world;
  clock.advance(401 * DAY_MS);
  await prune();
  expect(await world.run()).toMatchObject({ basis: null });

  const again = await lucy(
    'credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812 --yes --idempotency-key once',
  );
  expect(again.out + again.err).toContain('This was already done; nothing was done again.');
  const undone = await lucy(`undo ${id} --reason "wrong customer" --yes`);
  expect(undone.code, undone.err).toBe(0);
  expect(await world.run()).toMatchObject({ undone_by: expect.stringMatching(/^run_/) });
});

test('what waits, is on its way at Stripe, or is of a customer under legal hold stays whole', async () => {
  const { run, prune, clock, database, id } = await grantedLongAgo();
  const whole = await run();
  clock.advance(401 * DAY_MS);
  for (const state of ['waiting', 'carrying']) {
    await database.knex('runs').where({ id }).update({ state });
    await prune();
    expect(await run()).toEqual({ ...whole, state });
  }
  await database.knex('runs').where({ id }).update({ state: 'done' });
  await insertEvidenceOrder(database.knex, {
    ...{ id: 'evo_1', customer_id: whole.customer_id, dispute_id: null, cause: 'fraud', actor: 'U1' },
    ...{ actor_name: 'Bea', reason: null, correlation_id: 'cor_1', created_at: clock.now(), done_at: null },
  });
  await prune();
  expect(await run()).toEqual(whole);
});

test('they go a hundred at a time, and what is short already is not looked at again', async () => {
  const { run, prune, clock, database } = await grantedLongAgo();
  const row = await run();
  const old = Array.from({ length: 250 }, (_, index) => ({
    ...row,
    id: `${lowestId('run', row.created_at)}${String(index).padStart(16, '0')}`,
    key: null,
  }));
  for (let start = 0; start < old.length; start += 50)
    await database.knex('runs').insert(old.slice(start, start + 50));
  clock.advance(401 * DAY_MS);

  const before = lowestId('run', row.created_at + 1);
  const left = async () =>
    (await database.knex('runs').whereNotNull('basis').where('id', '<', before).pluck('id')).length;
  expect(await prune()).toBe(100);
  expect(await left()).toBe(251 - 100);
  expect(await prune()).toBe(100);
  expect(await prune()).toBe(0);
  expect(await left()).toBe(0);
});
