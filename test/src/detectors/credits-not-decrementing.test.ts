import { expect, test } from 'vitest';
import { insertUsage } from '#db/ai-usage.ts';
import { type ApiWorld, apiWorld } from '#test/world/api-world.ts';
import { dropWrites, watching } from '#test/world/detector-world.ts';

async function watched(): Promise<ApiWorld & ReturnType<typeof watching>> {
  const world = await apiWorld();
  await world.grant(100);
  const added = watching(world);
  await added.look();
  return { ...world, ...added };
}

/** As the route records it, with the debit step left out. */
async function withoutDebit(world: ApiWorld, usageId: string, credits: number): Promise<void> {
  const [customer] = await world.rows('customers');
  await insertUsage(world.database.knex, {
    usage_id: usageId,
    customer_id: String(customer?.id),
    credits,
    entry_id: null,
    hold_id: null,
    model: null,
    meta: '{}',
    at: world.clock.now(),
    received_at: world.clock.now(),
    actor: 'api:product',
    correlation_id: `req-${usageId}`,
  });
}

const use = (usageId: string, credits: number) => ({ email: 'sofia@firm.com', usageId, credits });

test('AI calls that are not debited are told within 15 minutes, and it heals when somebody takes the credits', async () => {
  const world = await watched();
  world.clock.advance(60_000);
  await withoutDebit(world, 'call-1', 5);
  await withoutDebit(world, 'call-2', 7);

  await world.watch(15);
  expect(await world.told()).toEqual([
    'oncall: Credits of sofia@firm.com do not go with their AI calls: 2 AI calls were recorded and not debited: 12 credits in all.',
  ]);
  const [row] = await world.database.knex('outbox').where('card_key', 'like', 'notice:%');
  expect(JSON.parse(row.payload)).toMatchObject({
    buttons: [
      { line: 'customer diagnose sofia@firm.com' },
      { label: 'Take the credits', line: 'credits consume sofia@firm.com 12' },
    ],
  });
  expect(row.payload).toContain('Usage call-1 of 2026-11-21');

  await world.lucy('credits consume sofia@firm.com 12 --reason "the calls of 9:01" --yes');
  await world.watch(1);
  expect(await world.open()).toEqual([]);
  expect((await world.told()).at(-1)).toContain('oncall: Well again:');
  await world.watch(5);
  expect(await world.open()).toEqual([]);
});

test('a debit without its AI call is told, and it heals when it is reversed', async () => {
  const world = await watched();
  const mend = await dropWrites(world.database, 'ai_usage', 'insert');
  expect((await world.post('/api/usage', use('call-1', 5))).status).toBeLessThan(300);
  await mend();

  await world.watch(3);
  expect(await world.told()).toEqual([
    'oncall: Credits of sofia@firm.com do not go with their AI calls: 1 debit (5 credits) says it is for an AI call that nobody recorded.',
  ]);

  const [entry] = await world.database.knex('credit_entries').where({ type: 'spend' });
  await world.lucy(`credits reverse ${entry.id} --reason "no such call" --yes`);
  await world.watch(1);
  expect(await world.open()).toEqual([]);
});

test('calls with and without holds, refused and repeated ones, and free ones raise nothing', async () => {
  const world = await watched();
  await world.lucy('customer add late@firm.com --reason "new account" --yes');
  await world.post('/api/usage', use('call-1', 5));
  await world.post('/api/usage', use('call-1', 5));
  await world.post('/api/usage', use('free', 0));
  expect((await world.post('/api/usage', use('too much', 5_000))).status).toBeGreaterThan(399);
  const held = await world.post('/api/credits/holds', { email: 'sofia@firm.com', amount: 20 }, 'hold-1');
  const settled = await world.post('/api/usage', { ...use('held', 12), hold: held.json.hold });
  const consumed = await world.post(
    '/api/credits/consume',
    { email: 'sofia@firm.com', amount: 3 },
    'consume-1',
  );
  expect([held.status, settled.status, consumed.status]).toEqual([201, 201, 200]);
  // A hold whose credits lapse while its call runs: the call is not debited, and rightly so.
  await world.grant(500, { expiresAt: world.clock.now() + 30_000 }, 'late@firm.com');
  const late = { email: 'late@firm.com' };
  const lapsing = await world.post('/api/credits/holds', { ...late, amount: 300 }, 'hold-2');
  world.clock.advance(40_000);
  await world.lucy('credits grant late@firm.com 1 --reason "lapses the lot" --yes');
  await world.lucy('credits consume late@firm.com 1 --reason "empty again" --yes');
  const uncovered = await world.post('/api/usage', {
    ...late,
    usageId: 'uncovered',
    credits: 300,
    hold: lapsing.json.hold,
  });
  expect([uncovered.status, uncovered.json.spent]).toEqual([201, 0]);
  await world.watch(3);
  await world.timers();
  await world.watch(3);

  expect((await world.rows('ai_usage')).length).toBe(4);
  expect(await world.open()).toEqual([]);
});
