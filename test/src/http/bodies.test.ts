import { expect, test } from 'vitest';
import { apiWorld } from '#test/world/api-world.ts';

const consume = { email: 'sofia@firm.com', amount: 1, idempotencyKey: 'one' };

test.each([
  ['not JSON', '{"email":', {}, 400, 'The body is not one JSON object in UTF-8.'],
  ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400, 'The body is not one JSON object in UTF-8.'],
  ['a list', [consume], {}, 400, 'The body is not one JSON object in UTF-8.'],
  ['a word', '"consume"', {}, 400, 'The body is not one JSON object in UTF-8.'],
  ['nothing', '', {}, 400, '“amount” must be a whole number of credits, from 1 to 1,000,000,000.'],
  [
    'a form',
    'email=sofia',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'The body is not sent as JSON.',
  ],
  [
    'JSON in Latin-1',
    consume,
    { 'content-type': 'application/json; charset=latin1' },
    415,
    'The body is not sent as JSON.',
  ],
  ['compressed', consume, { 'content-encoding': 'gzip' }, 415, 'The body is encoded as gzip.'],
  [
    'over 1 MiB',
    JSON.stringify({ ...consume, reason: 'x'.repeat(1024 * 1024) }),
    {},
    413,
    'The body is over 1 MiB.',
  ],
  [
    'with an unknown field',
    { ...consume, amout: 2 },
    {},
    400,
    'POST /api/credits/consume does not know “amout”, so it did nothing.',
  ],
  ['with a proto', '{"__proto__":{"amount":1},"email":"sofia@firm.com","amount":1}', {}, 400, ''],
  [
    'for two customers',
    { ...consume, customer: 'u-1' },
    {},
    400,
    'Name the customer once: with “email”, or with “customer”.',
  ],
  [
    'of half a credit',
    { ...consume, amount: 0.5 },
    {},
    400,
    '“amount” must be a whole number of credits, from 1 to 1,000,000,000.',
  ],
  [
    'of no credit',
    { ...consume, amount: 0 },
    {},
    400,
    '“amount” must be a whole number of credits, from 1 to 1,000,000,000.',
  ],
  [
    'of a debt',
    { ...consume, amount: -5 },
    {},
    400,
    '“amount” must be a whole number of credits, from 1 to 1,000,000,000.',
  ],
  [
    'of a text',
    { ...consume, amount: '5' },
    {},
    400,
    '“amount” must be a whole number of credits, from 1 to 1,000,000,000.',
  ],
  [
    'without a key',
    { email: 'sofia@firm.com', amount: 1 },
    {},
    400,
    'There is no idempotency key, so nothing was changed.',
  ],
  [
    'with two keys',
    consume,
    { 'idempotency-key': 'two' },
    400,
    'The Idempotency-Key header and “idempotencyKey” in the body differ, so nothing was changed.',
  ],
  [
    'with a key with a space',
    { ...consume, idempotencyKey: 'a b' },
    {},
    400,
    '“idempotencyKey” must be 1 to 200 visible ASCII characters without spaces.',
  ],
  [
    'with a line break in the reason',
    { ...consume, reason: 'a\nb' },
    {},
    400,
    '“reason” must be one line of 1 to 300 characters.',
  ],
  [
    'with a NUL in the email',
    { ...consume, email: 'a\u0000@b.c' },
    {},
    400,
    '“email” must be a login email such as sofia@firm.com.',
  ],
] as const)(
  'a body that is %s is refused, says why, and changes nothing',
  async (_what, body, headers, status, message) => {
    const { call, grant, credits } = await apiWorld();
    await grant(10);

    const answer = await call('POST', '/api/credits/consume', body, headers as Record<string, string>);

    expect([answer.status, answer.json.error.message]).toEqual([status, message || expect.any(String)]);
    expect(answer.json.error.hint.length).toBeGreaterThan(5);
    expect((await credits()).balance).toBe(10);
  },
);

test('a query is read by name: unknown, doubled or in the wrong place is refused', async () => {
  const { call } = await apiWorld();

  const answers = await Promise.all([
    call('GET', '/api/entitlements?mail=sofia@firm.com'),
    call('GET', '/api/entitlements?email=sofia@firm.com&email=other@firm.com'),
    call('GET', '/api/entitlements'),
    call('POST', '/api/credits/consume?amount=1', consume),
  ]);

  expect(answers.map(({ status, json }) => [status, json.error.message])).toEqual([
    [400, 'GET /api/entitlements does not know “mail”, so it did nothing.'],
    [400, '“email” is in the query twice.'],
    [400, 'Name the customer once: with “email”, or with “customer”.'],
    [400, '“amount” is in the query, where nothing is read.'],
  ]);
});
