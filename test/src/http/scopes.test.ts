import { expect, test } from 'vitest';
import { type ApiScope, apiScopes } from '#src/core/settings-api.ts';
import { keyWarnings, readApiKeys } from '#src/http/api/api-key.ts';
import { describeApi } from '#src/http/api/openapi.ts';
import { apiRoutes } from '#src/http/api/routes.ts';
import { apiKey, apiWorld } from '#test/world/api-world.ts';

/** By hand: what each address needs. */
const needs: Readonly<Record<string, ApiScope>> = {
  'GET /api/entitlements': 'read',
  'GET /api/credits/holds/:id': 'read',
  'POST /api/credits/consume': 'consume',
  'POST /api/credits/holds': 'consume',
  'POST /api/credits/holds/:id/settle': 'consume',
  'POST /api/credits/holds/:id/void': 'consume',
  'POST /api/usage': 'usage',
  'POST /api/reports': 'reports',
  'PUT /api/customers/:id': 'customers',
  'POST /api/releases': 'releases',
};

/** Of nobody and nothing, but an id as that address takes it. */
function idAt(path: string): string {
  return path.includes('/holds/') ? `hold_${'0'.repeat(26)}` : 'user-1';
}

test('every address says which scope it needs, here and in the description', () => {
  const said = Object.fromEntries(apiRoutes.map((route) => [`${route.method} ${route.path}`, route.scope]));
  expect(said).toEqual(needs);
  expect(JSON.stringify(describeApi(apiRoutes))).toContain('Needs a key with the scope “releases”');
});

test('a key opens what it is for, and nothing else: every scope at every address', async () => {
  const { call, rows } = await apiWorld({
    keys: apiScopes.map((scope) => `${scope}:key-for-${scope}`).join(','),
    bounds: Object.fromEntries(apiScopes.map((scope) => [scope, { scopes: [scope] }])),
  });
  const wrong: string[] = [];
  for (const [address, needed] of Object.entries(needs)) {
    const [method = '', path = ''] = address.split(' ');
    for (const scope of apiScopes) {
      // Not a whole request: whoever is let in reads what is wrong with it.
      const answer = await call(method, path.replace(':id', idAt(path)), method === 'GET' ? undefined : {}, {
        authorization: `Bearer key-for-${scope}`,
      });
      const isLetIn = answer.json.error?.code !== 'out_of_scope';
      if (isLetIn !== (scope === needed)) wrong.push(`${scope} at ${address}: ${answer.status}`);
      if (!isLetIn && answer.status !== 403) wrong.push(`${scope} at ${address}: ${answer.status}`);
    }
  }
  expect(wrong).toEqual([]);
  expect((await rows('audit_events')).filter((row) => row.surface === 'api')).toEqual([]);
});

test('a refusal says what the key is for and what to do; a key without an entry beside others may do nothing', async () => {
  const { call, post, grant } = await apiWorld({
    keys: `ci:key-of-ci,product:${apiKey}`,
    bounds: { ci: { scopes: ['releases', 'read'] } },
  });
  await grant(10);
  const spend = { email: 'sofia@firm.com', amount: 1, idempotencyKey: 'one' };

  const refused = await call('POST', '/api/credits/consume', spend, { authorization: 'Bearer key-of-ci' });
  const done = await post('/api/credits/consume', spend);

  expect(refused.status).toBe(403);
  expect(refused.json.error).toEqual({
    code: 'out_of_scope',
    message: 'The API key “ci” is not for this: it has releases and read, and this needs consume.',
    hint: 'Use the key that is for it, or add consume to api.keys.ci.scopes in lucy.config.yml and start Lucy anew.',
    scope: 'consume',
  });
  expect(done.status).toBe(403);
  expect(done.json.error.message).toBe(
    'The API key “product” is not for this: it has no scope, for api.keys does not name it, and this needs consume.',
  );
  const unbounded = await apiWorld();
  await unbounded.grant(10);
  expect((await unbounded.post('/api/credits/consume', spend)).status).toBe(200);
});

test('at the start it is said which keys nobody bounded, and which bounds fit no key', () => {
  const bounds = { ci: { scopes: ['releases' as const] }, old: { scopes: ['read' as const] } };
  const keys = readApiKeys('ci:a,product:b,c', bounds);
  expect(keys.map(({ name, scopes }) => [name, scopes])).toEqual([
    ['ci', ['releases']],
    ['product', []],
    ['key 3', []],
  ]);
  expect(keyWarnings(keys, bounds)).toEqual([
    'product and key 3 of LUCY_API_KEYS may do nothing at /api, for api.keys in lucy.config.yml has other keys only; say what each is for there.',
    'api.keys in lucy.config.yml names old, which LUCY_API_KEYS does not have.',
  ]);
  expect(keyWarnings(readApiKeys('a:1', {}), {})).toEqual([
    'a of LUCY_API_KEYS may do everything at /api; say what each is for under api.keys in lucy.config.yml.',
  ]);
  expect(keyWarnings(readApiKeys(null, {}), {})).toEqual([]);
});
