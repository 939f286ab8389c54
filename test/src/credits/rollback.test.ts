import { expect, test } from 'vitest';
import { sofiaSpent } from '#test/world/shared-spends.ts';
import { down } from '../../../migrations/20261121T193100_share_spend_audits.ts';

test('the migration is not taken back once spends share audit rows: what they were would be lost', async () => {
  const { database, entries } = await sofiaSpent([0, 1, 2]);

  await expect(down(database.knex)).rejects.toThrow('restore a backup from before the migration');

  expect(await database.knex('credit_entries').whereNotNull('audit_id').orderBy('seq')).toEqual(entries);
  expect(await database.knex('audit_events').whereNotNull('covers')).toHaveLength(1);
});
