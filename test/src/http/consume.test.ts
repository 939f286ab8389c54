import { expect, test } from 'vitest';
import { putMaintenance } from '#db/maintenance.ts';
import { apiWorld } from '#test/world/api-world.ts';

const sofia = { email: 'sofia@firm.com' };

test('the product asks what a customer may use, by email, by our id or by the Stripe customer', async () => {
  const { call, grant } = await apiWorld();
  await grant(10);

  const byEmail = await call('GET', '/api/entitlements?email=Sofia@Firm.com');
  const { id } = byEmail.json.customer;
  const others = await Promise.all(
    [id, 'cus_sofia'].map((name) => call('GET', `/api/entitlements?customer=${name}`)),
  );

  expect(byEmail.json).toEqual({
    customer: { id: expect.stringMatching(/^cust_/), productId: null, email: 'sofia@firm.com' },
    tier: 'free',
    tierSource: 'default',
    access: 'full',
    pending: null,
    graceEndsAt: null,
    credits: { balance: 10, held: 0, debt: 0, spendable: 10 },
  });
  expect(others.map(({ text }) => text)).toEqual([byEmail.text, byEmail.text]);
});

test('asking is one statement, for the product asks before every call', async () => {
  const { call, grant, database } = await apiWorld();
  await grant(10);
  const statements: string[] = [];
  database.knex.on('query', ({ sql }: { sql: string }) => statements.push(sql));

  await call('GET', '/api/entitlements?email=sofia@firm.com');
  await call('GET', '/api/entitlements?customer=cus_sofia');

  expect(statements).toHaveLength(2);
});

test('somebody whom Lucy does not know is 404, with what to do', async () => {
  const { call } = await apiWorld();

  for (const query of ['email=nobody@firm.com', 'customer=u-1', 'customer=cus_other', 'customer=cust_x']) {
    const answer = await call('GET', `/api/entitlements?${query}`);
    expect([answer.status, answer.json.error.hint]).toEqual([
      404,
      'Make the customer known with PUT /api/customers/ID.',
    ]);
  }
});

test('credits are spent: balance, ledger, audit and the terminal agree, and Slack is not told of each', async () => {
  const { post, grant, rows, lucy, credits, messages } = await apiWorld();
  await grant(10);
  const before = (await messages()).length;

  const answer = await post(
    '/api/credits/consume',
    { ...sofia, amount: 4, reason: 'photo upscale' },
    'act-1',
  );

  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ amount: 4, balance: 6 });
  expect(await credits()).toEqual({ balance: 6, held: 0, debt: 0, spendable: 6 });
  const [entry] = (await rows('credit_entries')).filter((row) => row.id === answer.json.entry);
  expect(entry).toMatchObject({ type: 'spend', amount: -4, actor: 'api:product', reason: 'photo upscale' });
  const audited = (await rows('audit_events')).filter((row) => row.surface === 'api');
  expect(audited).toHaveLength(1);
  expect(audited[0]).toMatchObject({
    command: 'credits consume',
    outcome: 'done',
    before: '{"credits":10}',
    reason: 'photo upscale',
  });
  expect((await lucy('credits show sofia@firm.com')).out).toContain('photo upscale');
  expect((await messages()).length).toBe(before);
});

test('what staff reverse of it comes back', async () => {
  const { post, grant, done, credits, unbalanced } = await withDone();
  await grant(10);
  const { json } = await post('/api/credits/consume', { ...sofia, amount: 4 }, 'act-1');

  await done(`credits reverse ${json.entry} --reason "charged twice"`);

  expect((await credits()).balance).toBe(10);
  expect(await unbalanced()).toBe(0);
});

async function withDone() {
  const world = await apiWorld();
  return {
    ...world,
    done: async (line: string) => {
      const typed = await world.lucy(`${line} --yes`);
      expect(`${typed.code} ${typed.err}`).toBe('0 ');
    },
  };
}

test('the same request again is the same answer, byte for byte, and one debit; the key may stand in header or body', async () => {
  const { post, grant, credits, rows } = await apiWorld();
  await grant(10);

  const first = await post('/api/credits/consume', { ...sofia, amount: 4 }, 'act-1');
  await post('/api/credits/consume', { ...sofia, amount: 1 }, 'act-2');
  const again = await post('/api/credits/consume', { amount: 4, ...sofia }, 'act-1');
  const inBody = await post('/api/credits/consume', { ...sofia, amount: 4, idempotencyKey: 'act-1' });

  expect([again.status, again.text]).toEqual([first.status, first.text]);
  expect(inBody.text).toBe(first.text);
  expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
  expect((await credits()).balance).toBe(5);
  expect((await rows('audit_events')).filter((row) => row.surface === 'api')).toHaveLength(2);
});

test('a repetition gets the first answer even when by now it would be refused', async () => {
  const { post, grant, database } = await apiWorld();
  await grant(4);
  const first = await post('/api/credits/consume', { ...sofia, amount: 4 }, 'act-1');
  await database.knex('entitlements').update({ access: 'locked' });

  const again = await post('/api/credits/consume', { ...sofia, amount: 4 }, 'act-1');

  expect([again.status, again.text]).toEqual([200, first.text]);
});

test('the same key for something else is refused: another amount, another customer, another address', async () => {
  const { call, post, grant, credits } = await apiWorld();
  await grant(10);
  await call('PUT', '/api/customers/u-2', { email: 'other@firm.com' });
  await post('/api/credits/consume', { ...sofia, amount: 4 }, 'act-1');

  const answers = [
    await post('/api/credits/consume', { ...sofia, amount: 5 }, 'act-1'),
    await post('/api/credits/consume', { email: 'other@firm.com', amount: 4 }, 'act-1'),
    await post('/api/credits/holds', { ...sofia, amount: 4 }, 'act-1'),
  ];

  expect(answers.map(({ status, json }) => [status, json.error.code])).toEqual([
    [409, 'key_reused'],
    [409, 'key_reused'],
    [409, 'key_reused'],
  ]);
  expect((await credits()).balance).toBe(6);
});

test('more than there is is refused, says how much there is, makes no debt, and the key is free to try again', async () => {
  const { post, grant, credits, rows } = await apiWorld();
  await grant(3);

  const refused = await post('/api/credits/consume', { ...sofia, amount: 7 }, 'act-1');
  await grant(10);
  const later = await post('/api/credits/consume', { ...sofia, amount: 7 }, 'act-1');

  expect([refused.status, refused.json.error]).toEqual([
    409,
    {
      code: 'insufficient_credits',
      message: 'Only 3 credits can be spent, not 7.',
      hint: 'Ask for less, or grant credits first.',
      spendable: 3,
    },
  ]);
  expect(later.status).toBe(200);
  expect(await credits()).toEqual({ balance: 6, held: 0, debt: 0, spendable: 6 });
  expect((await rows('audit_events')).filter((row) => row.surface === 'api')).toHaveLength(1);
});

test('50 requests for 7 of 10 at once: exactly one is done (row 41)', async () => {
  const { post, grant, credits, unbalanced } = await apiWorld();
  await grant(10);

  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      post('/api/credits/consume', { ...sofia, amount: 7 }, `act-${index}`),
    ),
  );

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ json }) => json.error?.code === 'insufficient_credits')).toHaveLength(49);
  expect((await credits()).balance).toBe(3);
  expect(await unbalanced()).toBe(0);
});

test('20 times the same request at once is one debit and 20 equal answers', async () => {
  const { post, grant, credits } = await apiWorld();
  await grant(10);

  const answers = await Promise.all(
    Array.from({ length: 20 }, () => post('/api/credits/consume', { ...sofia, amount: 7 }, 'act-1')),
  );

  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(200);
  expect((await credits()).balance).toBe(3);
});

test('a locked customer spends and reserves nothing; what runs already may be settled', async () => {
  const { post, grant, database, credits } = await apiWorld();
  await grant(10);
  const { json: hold } = await post('/api/credits/holds', { ...sofia, amount: 5 }, 'hold-1');
  await database.knex('entitlements').update({ access: 'locked' });

  const refused = [
    await post('/api/credits/consume', { ...sofia, amount: 1 }, 'act-1'),
    await post('/api/credits/holds', { ...sofia, amount: 1 }, 'act-2'),
    await post('/api/usage', { ...sofia, usageId: 'use-1', credits: 1 }),
  ];
  const settled = await post(`/api/credits/holds/${hold.hold}/settle`, { amount: 2 });

  expect(refused.map(({ status, json }) => [status, json.error.code])).toEqual([
    [403, 'locked'],
    [403, 'locked'],
    [403, 'locked'],
  ]);
  expect(refused[0]?.json.error.message).toBe(
    'The account sofia@firm.com is locked, so no credits can be spent.',
  );
  expect(settled.status).toBe(200);
  expect(await credits()).toEqual({ balance: 8, held: 0, debt: 0, spendable: 8 });
});

test('a process that has not noticed a maintenance yet spends nothing in it, alone or together', async () => {
  const { post, grant, database, clock, credits } = await apiWorld();
  await grant(10);
  const now = clock.now();
  const row = { restore_id: 'rst_1', by_name: 'Olu', says: 'Olu restores it', started_at: now };
  await putMaintenance(database.knex, { ...row, until: now + 120_000, intake_closed_at: null });
  const spend = (key: string) =>
    post('/api/credits/consume', { ...sofia, amount: 1, reason: 'upscale' }, key);
  const refused = await Promise.all([spend('a'), spend('b')]);
  expect(refused.map(({ status, json }) => [status, json.error.code])).toEqual([
    [503, 'unavailable'],
    [503, 'unavailable'],
  ]);
  expect(await credits()).toMatchObject({ balance: 10 });
  clock.advance(121_000);
  expect((await spend('a')).status).toBe(200);
});
