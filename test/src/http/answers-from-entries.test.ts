import { expect, test } from 'vitest';
import { sealNext } from '#src/audit/seal.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import type { SpendEnd } from '#src/credits/decide-spends.ts';
import { createSpendTogether, type SpendTogether } from '#src/credits/spend-together.ts';
import { consumeCredits } from '#src/http/api/consume-credits.ts';
import type { ApiRoute, ChangeRoute } from '#src/http/api/define-route.ts';
import { postUsage } from '#src/http/api/record-usage.ts';
import { runChange } from '#src/http/api/run-change.ts';
import { type ApiWorld, apiWorld } from '#test/world/api-world.ts';
import { testCause } from '#test/world/test-cause.ts';

const sofia = { email: 'sofia@firm.com' };
const plainAgain = async (): Promise<SpendEnd> => ({ kind: 'not plain' });

function asking({ database, deps, clock }: ApiWorld, route: ApiRoute, spendTogether: SpendTogether) {
  return (scope: string, key: string, input: object) =>
    runChange(
      { database, settings: deps.settings, spendTogether },
      testCause(clock.now()),
      route as ChangeRoute,
      { id: '', input, key },
      { scope, key },
    );
}

test('a spend that shared its transaction is answered again byte for byte, and its key is no other’s', async () => {
  const world = await apiWorld();
  await world.grant(100);
  const ask = asking(world, consumeCredits, createSpendTogether(world.database));
  const keys = Array.from({ length: 20 }, (_, index) => `act-${index}`);
  const answers = await Promise.all(keys.map((key) => ask('caller', key, { ...sofia, amount: 2 })));
  expect(await world.rows('api_requests')).toEqual([]);

  const again = await world.post('/api/credits/consume', { ...sofia, amount: 2 }, 'act-3');
  const reused = [
    await world.post('/api/credits/consume', { ...sofia, amount: 3 }, 'act-3'),
    await world.post('/api/credits/consume', { ...sofia, amount: 2, reason: 'other' }, 'act-3'),
    await world.post('/api/credits/holds', { ...sofia, amount: 2 }, 'act-3'),
  ];

  expect([again.status, again.text]).toEqual([200, answers[3]?.text]);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(reused.map(({ status, json }) => [status, json.error.code])).toEqual(
    reused.map(() => [409, 'key_reused']),
  );
  expect((await world.credits()).balance).toBe(60);
  expect(await world.unbalanced()).toBe(0);
});

test('so it is for a usage, also when it is done in a transaction of its own this time', async () => {
  const world = await apiWorld();
  await world.grant(100);
  const usage = (key: string) => ({ ...sofia, usageId: key, credits: 2, model: 'small' });
  const ask = asking(world, postUsage, createSpendTogether(world.database));
  const keys = Array.from({ length: 20 }, (_, index) => `use-${index}`);
  const answers = await Promise.all(keys.map((key) => ask('usage', key, usage(key))));
  const audited = (await world.rows('audit_events')).length;
  const alone = asking(world, postUsage, plainAgain);

  const again = await alone('usage', 'use-3', usage('use-3'));
  await expect(alone('usage', 'use-4', { ...usage('use-4'), credits: 3 })).rejects.toThrow(
    'use-4 was used before for something else',
  );

  expect([again.status, again.text, again.isRepeated]).toEqual([201, answers[3]?.text, true]);
  expect((await world.post('/api/usage', usage('use-3'))).text).toBe(answers[3]?.text);
  expect((await world.post('/api/usage', usage('use-5'))).text).toBe(answers[5]?.text);
  expect((await world.rows('audit_events')).length).toBe(audited);
  expect(await world.rows('ai_usage')).toHaveLength(20);
  expect((await world.credits()).balance).toBe(60);
});

test('what a usage says beside its debit is sealed with it', async () => {
  const world = await apiWorld();
  const { database, clock } = world;
  await world.grant(100);
  const ask = asking(world, postUsage, createSpendTogether(database));
  const usage = (key: string) => ({ ...sofia, usageId: key, credits: 2, model: 'small', meta: { page: 1 } });
  const keys = Array.from({ length: 5 }, (_, index) => `use-${index}`);
  await Promise.all(keys.map((key) => ask('usage', key, usage(key))));
  while ((await sealNext({ database, clock })) > 0);
  expect((await verifyAudit(database.knex, clock.now())).problemCount).toBe(0);

  await database.knex('ai_usage').where({ usage_id: 'use-3' }).update({ model: 'large' });

  expect((await verifyAudit(database.knex, clock.now())).problemCount).toBe(1);
});
