import { expect, test } from 'vitest';
import { apiWorld } from '#test/world/api-world.ts';

const sofia = { email: 'sofia@firm.com' };
const call7 = {
  ...sofia,
  usageId: 'use-7',
  credits: 7,
  model: 'diffusion-xl',
  at: '2026-11-21T08:59:58+01:00',
};

test('an AI call is recorded with its debit, in the ledger that disputes are compared with', async () => {
  const { post, grant, credits, rows } = await apiWorld();
  await grant(10);

  const answer = await post('/api/usage', { ...call7, meta: { seconds: 3.2, isRetry: false } });

  expect(answer.status).toBe(201);
  expect(answer.json).toMatchObject({ usageId: 'use-7', credits: 7, spent: 7 });
  expect((await credits()).balance).toBe(3);
  const [usage] = await rows('ai_usage');
  expect(usage).toMatchObject({
    usage_id: 'use-7',
    credits: 7,
    entry_id: answer.json.entry,
    model: 'diffusion-xl',
    at: Date.UTC(2026, 10, 21, 7, 59, 58),
    meta: '{"seconds":3.2,"isRetry":false}',
    actor: 'api:product',
  });
});

test('a usage that is sent again, at once or later or with another API key, is one debit and one answer (row 47)', async () => {
  const { call, grant, rows } = await apiWorld({ keys: 'old:first-key,new:second-key' });
  await grant(20);
  const send = (key: string) => call('POST', '/api/usage', call7, { authorization: `Bearer ${key}` });

  const answers = await Promise.all(['first-key', 'second-key', 'first-key'].map(send));
  answers.push(await send('second-key'));

  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect([
    await rows('ai_usage'),
    (await rows('credit_entries')).filter((row) => row.type === 'spend'),
  ]).toEqual([
    [expect.objectContaining({ usage_id: 'use-7' })],
    [expect.objectContaining({ idempotency_key: 'usage:use-7', amount: -7 })],
  ]);
  const read = await call('GET', '/api/entitlements?email=sofia@firm.com', undefined, {
    authorization: 'Bearer first-key',
  });
  expect(read.json.credits.balance).toBe(13);
});

test('the same usage id with other credits is refused', async () => {
  const { post, grant, credits } = await apiWorld();
  await grant(20);
  await post('/api/usage', call7);

  const other = await post('/api/usage', { ...call7, credits: 8 });

  expect([other.status, other.json.error.code]).toEqual([409, 'key_reused']);
  expect((await credits()).balance).toBe(13);
});

test('what cannot be paid is neither recorded nor debited; a call that cost nothing is recorded', async () => {
  const { post, grant, credits, rows } = await apiWorld();
  await grant(3);

  const refused = await post('/api/usage', call7);
  const free = await post('/api/usage', { ...sofia, usageId: 'use-0', credits: 0 });

  expect([refused.status, refused.json.error.code]).toEqual([409, 'insufficient_credits']);
  expect(free.json).toMatchObject({ credits: 0, spent: 0, entry: null });
  expect((await rows('ai_usage')).map((row) => row.usage_id)).toEqual(['use-0']);
  expect(await credits()).toEqual({ balance: 3, held: 0, debt: 0, spendable: 3 });
});

test('a usage settles the hold that was taken for it: one debit, not two', async () => {
  const { post, grant, credits, rows, unbalanced } = await apiWorld();
  await grant(10);
  const { json: hold } = await post('/api/credits/holds', { ...sofia, amount: 9 }, 'hold-1');

  const answer = await post('/api/usage', { ...call7, hold: hold.hold });
  const again = await post('/api/usage', { ...call7, hold: hold.hold });
  const second = await post('/api/usage', { ...call7, usageId: 'use-8', hold: hold.hold });

  expect(answer.json).toMatchObject({ spent: 7 });
  expect(again.text).toBe(answer.text);
  expect([second.status, second.json.error.message]).toEqual([
    409,
    `The hold ${hold.hold} is settled already, so this usage cannot be charged to it.`,
  ]);
  expect(await credits()).toEqual({ balance: 3, held: 0, debt: 0, spendable: 3 });
  expect((await rows('ai_usage')).map((row) => [row.usage_id, row.hold_id])).toEqual([['use-7', hold.hold]]);
  expect(await unbalanced()).toBe(0);
});

test('a usage is not charged to somebody else’s hold', async () => {
  const { call, post, grant, credits } = await apiWorld();
  await grant(10);
  await call('PUT', '/api/customers/u-2', { email: 'other@firm.com' });
  const { json: hold } = await post('/api/credits/holds', { ...sofia, amount: 9 }, 'hold-1');

  const answer = await post('/api/usage', { usageId: 'use-1', credits: 1, customer: 'u-2', hold: hold.hold });

  expect([answer.status, answer.json.error.code]).toEqual([409, 'conflict']);
  expect((await credits()).held).toBe(9);
});

test('a report is counted once, costs nothing, and counts for a locked customer as well', async () => {
  const { post, rows, database } = await apiWorld();
  await database.knex('entitlements').update({ access: 'locked' });
  const report = {
    ...sofia,
    reportId: 'rep-1',
    kind: 'monthly',
    at: '2026-11-21T08:00:00Z',
    meta: { pages: 3 },
  };

  const first = await post('/api/reports', report);
  const again = await post('/api/reports', report);
  const other = await post('/api/reports', { ...report, kind: 'weekly' });

  expect([first.status, again.text === first.text, other.status]).toEqual([201, true, 409]);
  expect(await rows('reports')).toEqual([
    expect.objectContaining({
      report_id: 'rep-1',
      kind: 'monthly',
      at: Date.UTC(2026, 10, 21, 8),
      meta: '{"pages":3}',
    }),
  ]);
});

test.each([
  ['no time', { at: 'yesterday' }, '“at” must be a time with its offset, such as 2026-11-21T09:30:00Z.'],
  [
    'a time without an offset',
    { at: '2026-11-21T09:30:00' },
    '“at” must be a time with its offset, such as 2026-11-21T09:30:00Z.',
  ],
  [
    'the 30th of February',
    { at: '2026-02-30T09:30:00Z' },
    '“at” must be a time with its offset, such as 2026-11-21T09:30:00Z.',
  ],
  [
    'an id with a space',
    { usageId: 'use 7' },
    '“usageId” must be 1 to 200 visible ASCII characters without spaces.',
  ],
  [
    'a deep meta',
    { meta: { a: { b: 1 } } },
    expect.stringContaining('must be an object of at most 50 names'),
  ],
  [
    'a wide meta',
    { meta: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, i])) },
    expect.stringContaining('must be an object of at most 50 names'),
  ],
  ['no hold', { hold: 'hold_1' }, '“hold” must be the id that reserving returned; it starts with hold_.'],
])('a usage with %s is refused', async (_what, patch, message) => {
  const { post, grant, rows } = await apiWorld();
  await grant(10);

  const answer = await post('/api/usage', { ...call7, ...patch });

  expect([answer.status, answer.json.error.message]).toEqual([400, message]);
  expect(await rows('ai_usage')).toEqual([]);
});

test('20 usages at once of which one cannot be written: nineteen are recorded, and only that one is refused', async () => {
  const { post, grant, credits, rows, database, unbalanced } = await apiWorld();
  await grant(100);
  // Its answer was forgotten long ago, but the usage itself is kept for ever.
  await post('/api/usage', { ...sofia, usageId: 'use-7', credits: 0 });
  await database.knex('api_requests').delete();

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      post('/api/usage', { ...sofia, usageId: `use-${index}`, credits: 2 }),
    ),
  );

  const refused = answers.flatMap(({ status, json }, index) =>
    status === 201 ? [] : [[index, status, json.error.code]],
  );
  expect(refused).toEqual([[7, 409, 'conflict']]);
  expect((await credits()).balance).toBe(100 - 19 * 2);
  expect(await rows('ai_usage')).toHaveLength(20);
  expect(await unbalanced()).toBe(0);
});
