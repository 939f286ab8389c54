import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ApiAnswer, apiWorld } from '#test/world/api-world.ts';

const sofia = { email: 'sofia@firm.com' };

/** Right requests, to be spoiled: each alone would change something. */
const right: readonly { method: string; path: string; body: Record<string, unknown> }[] = [
  {
    method: 'POST',
    path: '/api/credits/consume',
    body: { ...sofia, amount: 1, idempotencyKey: 'k', reason: 'r' },
  },
  {
    method: 'POST',
    path: '/api/credits/holds',
    body: { ...sofia, amount: 1, expiresIn: 60, idempotencyKey: 'k' },
  },
  {
    method: 'POST',
    path: '/api/usage',
    body: { ...sofia, usageId: 'u', credits: 1, model: 'm', at: '2026-11-21T09:00:00Z', meta: { a: 1 } },
  },
  { method: 'POST', path: '/api/reports', body: { ...sofia, reportId: 'r', kind: 'k', meta: {} } },
  {
    method: 'PUT',
    path: '/api/customers/u-9',
    body: { email: 'new@firm.com', name: 'New', emailVerified: true },
  },
  { method: 'POST', path: `/api/credits/holds/hold_${'0'.repeat(26)}/settle`, body: { amount: 1 } },
];

const nasty = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '',
    ' ',
    "' or 1=1 --",
    '__proto__',
    'x'.repeat(2_000),
    '١٢',
    'ſofia@firm.com',
  ),
  fc.constantFrom(1e308, -0, 0.1, 2 ** 53, -1, 1e21),
  fc.string({ unit: 'binary' }),
);

const spoiled = fc
  .record({
    base: fc.constantFrom(...right),
    field: fc.nat(),
    value: nasty,
    how: fc.constantFrom('value', 'missing', 'extra', 'path', 'key'),
  })
  .map(({ base, field, value, how }) => {
    const names = Object.keys(base.body);
    const name = names[field % names.length] ?? '';
    const { [name]: _left, ...rest } = base.body;
    if (how === 'missing') return { ...base, body: rest };
    if (how === 'extra')
      return { ...base, body: { ...base.body, [`${textOf(value).slice(0, 20)}!`]: value } };
    if (how === 'path')
      return { ...base, path: `${base.path}/${encodeURIComponent(wellFormed(textOf(value)))}` };
    if (how === 'key') return { ...base, body: { ...rest, [`${name} `]: value } };
    return { ...base, body: { ...base.body, [name]: value } };
  });

function textOf(value: unknown): string {
  return JSON.stringify(value);
}

function wellFormed(text: string): string {
  return text.toWellFormed().slice(0, 200);
}

function assertTold(answer: ApiAnswer) {
  expect(answer.status, answer.text).toBeLessThan(500);
  if (answer.status < 400) return;
  const { error, correlationId } = answer.json;
  for (const text of [error.code, error.message, error.hint]) expect(text).toMatch(/\S/);
  expect(answer.headers.get('x-request-id')).toBe(correlationId);
  expect(answer.text).not.toMatch(/select |insert |SQLITE|node_modules|at .*\.ts/);
}

test('whatever is sent, the answer is a plain refusal or a done act, never a fault, and the ledger stays right', async () => {
  const { call, grant, unbalanced, rows } = await apiWorld();
  await grant(1_000_000);
  let done = 0;

  await fc.assert(
    fc.asyncProperty(spoiled, async ({ method, path, body }) => {
      const before = (await rows('audit_events')).length;
      const answer = await call(method, path, JSON.stringify(body));
      assertTold(answer);
      if (answer.status < 400) done += 1;
      else expect((await rows('audit_events')).length).toBe(before);
    }),
    { numRuns: 200 },
  );

  expect(done).toBeGreaterThan(0);
  expect(await unbalanced()).toBe(0);
}, 60_000);

test('bytes that are no JSON at all are refused, on every address', async () => {
  const { call, rows } = await apiWorld();
  const before = (await rows('audit_events')).length;

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...right),
      fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.string({ minLength: 1 })),
      async ({ method, path }, bytes) => {
        const answer = await call(method, path, bytes);
        assertTold(answer);
        expect(answer.status).toBe(400);
      },
    ),
    { numRuns: 100 },
  );

  expect((await rows('audit_events')).length).toBe(before);
});

test('JSON nested a hundred thousand deep is refused like any other', async () => {
  const { call } = await apiWorld();
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);

  const answers = await Promise.all(
    [`{"meta":${deep}}`, `{"usageId":"u","credits":1,"email":${deep}}`, `{"x":${deep}}`, deep].map((body) =>
      call('POST', '/api/usage', body),
    ),
  );

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
});

test('a caller that hangs up in the middle of its body leaves nothing behind', async () => {
  const world = await apiWorld();
  await world.grant(10);

  await new Promise<void>((resolve) => {
    const sending = httpRequest(`http://127.0.0.1:${world.port}/api/credits/consume`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer a-key-of-the-product',
        'content-type': 'application/json',
        'content-length': 500,
      },
    });
    sending.on('error', () => resolve());
    sending.write('{"email":"sofia@firm.com","amount":5,"idempotencyKey":"one"');
    setTimeout(() => sending.destroy(new Error('hung up')), 50);
  });

  expect((await world.credits()).balance).toBe(10);
  expect((await world.post('/api/credits/consume', { ...sofia, amount: 5 }, 'one')).status).toBe(200);
});
