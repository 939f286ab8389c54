import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { apiRoutes } from '#src/http/api/routes.ts';
import { type ApiAnswer, apiWorld } from '#test/world/api-world.ts';

// biome-ignore lint/suspicious/noExplicitAny: a JSON document, looked into by path.
type Document = any;

async function described() {
  const world = await apiWorld();
  const answer = await world.call('GET', '/api/openapi.json', undefined, { authorization: '' });
  expect(answer.status).toBe(200);
  const document: Document = answer.json;
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'api');
  return { ...world, document, ajv };
}

test('the description needs no key, is OpenAPI 3.1, and has every route with its fields', async () => {
  const { document } = await described();

  expect(document.openapi).toBe('3.1.0');
  const listed = Object.entries<Record<string, unknown>>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(listed).toEqual([
    'GET /api/entitlements',
    'POST /api/credits/consume',
    'POST /api/credits/holds',
    'GET /api/credits/holds/{id}',
    'POST /api/credits/holds/{id}/settle',
    'POST /api/credits/holds/{id}/void',
    'POST /api/usage',
    'POST /api/reports',
    'POST /api/releases',
    'PUT /api/customers/{id}',
  ]);
  expect(listed).toHaveLength(apiRoutes.length);
  const body = document.paths['/api/credits/consume'].post.requestBody.content['application/json'].schema;
  expect(Object.keys(body.properties)).toEqual(['email', 'customer', 'amount', 'idempotencyKey', 'reason']);
  expect([body.required, body.additionalProperties]).toEqual([['amount'], false]);
  const ids = Object.values<Record<string, { operationId: string }>>(document.paths)
    .flatMap((methods) => Object.values(methods))
    .map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(apiRoutes.length);
});

test('every schema in it is one, and real answers are what it says', async () => {
  const { call, post, grant, document, ajv } = await described();
  await grant(50);
  const sofia = { email: 'sofia@firm.com' };
  const held = await post('/api/credits/holds', { ...sofia, amount: 5 }, 'h-1');
  const toVoid = await post('/api/credits/holds', { ...sofia, amount: 5 }, 'h-2');
  const hold = `/api/credits/holds/${held.json.hold}`;

  const answers: [path: string, method: string, status: number, answer: ApiAnswer][] = [
    ['/api/entitlements', 'get', 200, await call('GET', '/api/entitlements?email=sofia@firm.com')],
    ['/api/credits/holds', 'post', 201, held],
    ['/api/credits/holds/{id}', 'get', 200, await call('GET', hold)],
    ['/api/credits/holds/{id}/settle', 'post', 200, await post(`${hold}/settle`, { amount: 2 })],
    [
      '/api/credits/holds/{id}/void',
      'post',
      200,
      await post(`/api/credits/holds/${toVoid.json.hold}/void`, {}),
    ],
    ['/api/credits/consume', 'post', 200, await post('/api/credits/consume', { ...sofia, amount: 2 }, 'c-1')],
    ['/api/usage', 'post', 201, await post('/api/usage', { ...sofia, usageId: 'use-1', credits: 1 })],
    ['/api/reports', 'post', 201, await post('/api/reports', { ...sofia, reportId: 'rep-1' })],
    ['/api/releases', 'post', 201, await post('/api/releases', { releaseId: 'ci-1', version: 'v1' })],
    ['/api/customers/{id}', 'put', 200, await call('PUT', '/api/customers/u-1', sofia)],
    [
      '/api/credits/consume',
      'post',
      409,
      await post('/api/credits/consume', { ...sofia, amount: 99 }, 'c-2'),
    ],
    [
      '/api/credits/consume',
      'post',
      400,
      await post('/api/credits/consume', { ...sofia, amount: 'x' }, 'c-3'),
    ],
    ['/api/entitlements', 'get', 404, await call('GET', '/api/entitlements?email=nobody@firm.com')],
  ];

  for (const [path, method, status, answer] of answers) {
    expect(`${path} ${answer.status}`).toBe(`${path} ${status}`);
    const { schema } = document.paths[path][method].responses[status].content['application/json'];
    const resolved = schema.$ref ? { $ref: `api${schema.$ref}` } : schema;
    const isValid = ajv.validate(resolved, answer.json);
    expect(`${path} ${status}: ${isValid ? 'valid' : ajv.errorsText()}`).toBe(`${path} ${status}: valid`);
    expect(ajv.validate(resolved, { ...answer.json, extra: 1 })).toBe(false);
  }
  expect(new Set(answers.slice(0, 10).map(([path, method]) => `${method} ${path}`)).size).toBe(
    apiRoutes.length,
  );
});

test('what a route takes is what its schema takes', async () => {
  const { post, grant, document, ajv } = await described();
  await grant(50);
  const { schema } = document.paths['/api/usage'].post.requestBody.content['application/json'];
  const good = {
    email: 'sofia@firm.com',
    usageId: 'use-1',
    credits: 1,
    at: '2026-11-21T09:00:00Z',
    meta: { a: 1 },
  };

  for (const patch of [{}, { credits: 1.5 }, { credits: -1 }, { at: 'now' }, { other: 1 }, { usageId: '' }]) {
    const body = { ...good, ...patch };
    const answer = await post('/api/usage', body);
    expect([patch, ajv.validate(schema, body)]).toEqual([patch, answer.status === 201]);
  }
});
