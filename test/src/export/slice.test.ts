import { expect, test } from 'vitest';
import { sliceOf } from '#src/export/slice.ts';
import { sofiaSpent } from '#test/world/shared-spends.ts';

test('the copy of one customer has the audit rows that their spends share, and nobody else’s copy has them', async () => {
  const { database, customerId, otherId, entries } = await sofiaSpent([0, 1, 2, 3, 4]);
  const shared = entries[0]?.audit_id;
  const ids = async (id: string): Promise<string[]> =>
    (await sliceOf('audit_events', id)?.(database.knex('audit_events'), database.knex)?.pluck(
      'audit_events.id',
    )) ?? [];

  expect(await ids(customerId)).toContain(shared);
  expect(await ids(otherId)).not.toContain(shared);
});
