import { expect, test } from 'vitest';
import { apiKey, apiWorld } from '#test/world/api-world.ts';

const asks = '/api/entitlements?email=sofia@firm.com';

test.each([
  ['none', {}],
  ['an unknown one', { authorization: 'Bearer wrong' }],
  ['one a letter short', { authorization: `Bearer ${apiKey.slice(0, -1)}` }],
  ['one a letter long', { authorization: `Bearer ${apiKey}x` }],
  ['one in other case', { authorization: `Bearer ${apiKey.toUpperCase()}` }],
  ['the name of one', { authorization: 'Bearer product' }],
  ['the whole setting', { authorization: `Bearer product:${apiKey}` }],
  ['one without Bearer', { authorization: apiKey }],
  ['one in Basic', { authorization: `Basic ${btoa(`product:${apiKey}`)}` }],
  ['an empty one', { authorization: 'Bearer ' }],
])('a key that is %s opens nothing, and the answer tells nothing', async (_what, headers) => {
  const { call } = await apiWorld();

  const answer = await call('GET', asks, undefined, { authorization: '', ...headers });

  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  expect(answer.json.error).toEqual({
    code: 'unauthorized',
    message: 'This address needs an API key.',
    hint: 'Send “Authorization: Bearer KEY” with a key of LUCY_API_KEYS.',
  });
});

test('every one of several keys opens it, and the audit names which one did', async () => {
  const { call, grant, rows } = await apiWorld({ keys: 'old:first-key, new:second-key' });
  await grant(10);

  for (const [index, key] of ['first-key', 'second-key'].entries()) {
    const answer = await call(
      'POST',
      '/api/credits/consume',
      { email: 'sofia@firm.com', amount: 1, idempotencyKey: `act-${index}` },
      { authorization: `Bearer ${key}` },
    );
    expect(answer.status).toBe(200);
  }

  const audited = (await rows('audit_events')).filter((row) => row.surface === 'api');
  expect(audited.map((row) => [row.actor_id, row.actor_name, row.command])).toEqual([
    ['api:old', 'old', 'credits consume'],
    ['api:new', 'new', 'credits consume'],
  ]);
});

test('without any key set, nobody gets in', async () => {
  const { call } = await apiWorld({ keys: '' });

  const answer = await call('GET', asks);

  expect([answer.status, answer.json.error.hint]).toEqual([
    401,
    'Set LUCY_API_KEYS, then send “Authorization: Bearer KEY”.',
  ]);
});

test('the caller’s request id is in the answer, in the error, in the audit and in the ledger', async () => {
  const { call, grant, rows } = await apiWorld();
  await grant(10);
  const headers = { 'x-request-id': 'req-7f3a', 'idempotency-key': 'one' };

  const done = await call('POST', '/api/credits/consume', { email: 'sofia@firm.com', amount: 4 }, headers);
  const wrong = await call('GET', '/api/nothing', undefined, headers);
  const stranger = await call('GET', asks, undefined, { ...headers, authorization: '' });

  expect(done.headers.get('x-request-id')).toBe('req-7f3a');
  expect(done.json.correlationId).toBe('req-7f3a');
  expect([wrong.headers.get('x-request-id'), wrong.json.correlationId]).toEqual(['req-7f3a', 'req-7f3a']);
  expect([stranger.headers.get('x-request-id'), stranger.json.correlationId]).toEqual([
    'req-7f3a',
    'req-7f3a',
  ]);
  const marked = async (table: string) =>
    (await rows(table)).filter((row) => row.correlation_id === 'req-7f3a').length;
  expect([await marked('audit_events'), await marked('credit_entries')]).toEqual([1, 1]);
});

test.each(['', 'x'.repeat(129), 'two words', 'a"b', '<script>'])(
  'a request id such as “%s” is not taken over; Lucy makes one',
  async (given) => {
    const { call } = await apiWorld();

    const answer = await call('GET', asks, undefined, { 'x-request-id': given });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-request-id')).toMatch(/^cor_[0-9a-z]{26}$/);
  },
);

test('a key that asks too fast is told for how long to wait, and may go on after it; another key is not held up', async () => {
  const { call, clock } = await apiWorld({ requestsPerSecond: 3, keys: 'one:key-1,two:key-2' });
  const ask = (key: string) => call('GET', asks, undefined, { authorization: `Bearer ${key}` });

  const first = await Promise.all([1, 2, 3, 4, 5].map(() => ask('key-1')));
  const tooMany = first.filter(({ status }) => status === 429);

  expect(first.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
  expect(tooMany.map(({ headers }) => headers.get('retry-after'))).toEqual(['1', '1']);
  expect(tooMany[0]?.json.error.code).toBe('too_many_requests');
  expect((await ask('key-2')).status).toBe(200);
  clock.advance(1_000);
  expect((await ask('key-1')).status).toBe(200);
});

test('an address that is not there, and a method that is not possible, say what there is', async () => {
  const { call } = await apiWorld();

  const nothing = await call('GET', '/api/credit/consume');
  const method = await call('DELETE', '/api/customers/u-1');

  expect([nothing.status, nothing.json.error]).toEqual([
    404,
    {
      code: 'not_found',
      message: 'There is nothing at /api/credit/consume.',
      hint: 'GET /api/openapi.json lists what there is.',
    },
  ]);
  expect([method.status, method.headers.get('allow'), method.json.error.hint]).toEqual([
    405,
    'PUT',
    'Use PUT.',
  ]);
});
