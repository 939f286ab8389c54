import { expect, test } from 'vitest';
import { apiWorld } from '#test/world/api-world.ts';

const report = { releaseId: 'ci-1', version: 'v1.42.0' };

test('CI reports a deployment once, however often it sends it', async () => {
  const world = await apiWorld();

  const first = await world.post('/api/releases', report);
  const again = await world.post('/api/releases', report);

  expect(first).toMatchObject({ status: 201, json: { releaseId: 'ci-1', version: 'v1.42.0' } });
  expect(again.status).toBe(201);
  expect(await world.rows('releases')).toMatchObject([{ version: 'v1.42.0', reported_by: 'product' }]);
  const audit = await world.database.knex('audit_events').where({ command: 'release report' });
  expect(audit).toHaveLength(1);
  expect((await world.lucy('release list')).out).toContain('v1.42.0 runs since');
});

test.each([
  [{ ...report, deployedAt: '9999-01-01T00:00:00Z' }, 'is in the future'],
  [{ ...report, version: 'v1 --reason="looks good"' }, 'must be 1 to 100 letters'],
  [{ ...report, url: 'https://u:p@ci.example/run/1' }, 'without a user'],
  [{ version: 'v1' }, 'releaseId'],
])('%j is refused: %s', async (body, why) => {
  const world = await apiWorld();
  const answer = await world.post('/api/releases', body);
  expect(answer.status).toBe(400);
  expect(answer.text).toContain(why);
  expect(await world.rows('releases')).toEqual([]);
});
