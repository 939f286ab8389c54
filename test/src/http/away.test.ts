import { expect, test } from 'vitest';
import { apiWorld } from '#test/world/api-world.ts';

test('a fault in the middle leaves nothing behind, is told with its correlation id, and the same request succeeds later', async () => {
  const { post, grant, credits, rows, database } = await apiWorld();
  await grant(10);
  await database.knex.schema.renameTable('audit_events', 'audit_events_away');

  const failed = await post('/api/credits/consume', { email: 'sofia@firm.com', amount: 4 }, 'act-1');
  const balance = (await credits()).balance;
  await database.knex.schema.renameTable('audit_events_away', 'audit_events');
  const later = await post('/api/credits/consume', { email: 'sofia@firm.com', amount: 4 }, 'act-1');

  expect([failed.status, failed.json.error.code]).toEqual([500, 'failed']);
  expect(failed.json.correlationId).toBe(failed.headers.get('x-request-id'));
  expect(failed.text).not.toMatch(/audit_events|insert/);
  expect(balance).toBe(10);
  expect([later.status, later.json.balance]).toEqual([200, 6]);
  expect(await rows('api_requests')).toHaveLength(1);
});
