import { expect, test } from 'vitest';
import {
  type AuditFilter,
  type FoundAuditRow,
  listAuditByCorrelation,
  searchAuditEvents,
} from '#db/audit-events.ts';
import type { Database } from '#db/connection.ts';
import { listSharedByCorrelation } from '#db/shared-spends.ts';
import { recordAudit } from '#src/audit/record.ts';
import { dropGuardsOf, sofiaSpent } from '#test/world/shared-spends.ts';
import { testCause } from '#test/world/test-cause.ts';
import { testStart } from '#test/world/test-clock.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

async function pages({ knex }: Database, filter: AuditFilter, page: number) {
  const found: FoundAuditRow[] = [];
  for (let after: FoundAuditRow | null = null; ; after = found.at(-1) ?? null) {
    const rows = await searchAuditEvents(knex, filter, after, page);
    found.push(...rows);
    if (rows.length < page) return found;
  }
}

const spentOf = (rows: readonly FoundAuditRow[]) =>
  rows.filter((row) => row.shared_id !== null).map((row) => JSON.parse(row.after).entry);

test.each([1, 7, 100])(
  'a customer’s spends that were posted in another order than asked are found once each, %i rows a page',
  async (page) => {
    // Every third came a few milliseconds after those that were posted behind it, as from another process.
    const delays = upTo(30).map((index) => 100 + (index % 3 === 0 ? index + 4 : index));
    const { database, customerId, entries } = await sofiaSpent(delays);
    for (const index of upTo(40))
      await recordAudit(database.knex, testCause(testStart + 95 + index), {
        command: 'customer lock',
        outcome: 'done',
        customerId,
        input: {},
        before: null,
        after: null,
      });
    const newestPosted = entries.map((entry) => entry.id).reverse();

    const spends = await pages(database, { customerId, command: 'credits consume' }, page);
    const all = await pages(database, { customerId }, page);

    expect(spentOf(spends)).toEqual(newestPosted);
    expect(spentOf(all)).toEqual(newestPosted);
    expect(new Set(all.map((row) => row.id)).size).toBe(all.length);
    expect(all.filter((row) => row.command === 'customer lock')).toHaveLength(40);
  },
);

test('a customer’s search for another command does not walk through the account', async () => {
  const { database, customerId } = await sofiaSpent(upTo(5));
  const asked: string[] = [];
  database.knex.on('query', ({ sql }) => asked.push(sql));

  expect(await searchAuditEvents(database.knex, { customerId, command: 'customer lock' }, null, 20)).toEqual(
    [],
  );

  expect(asked.filter((sql) => sql.includes('credit_entries'))).toEqual([]);
});

test('what was asked says the same when the customer has another email', async () => {
  const { database, customerId, entries } = await sofiaSpent(upTo(5));
  const read = () => listAuditByCorrelation(database.knex, entries[2]?.correlation_id ?? '');
  const [before] = await read();

  await database.knex('customers').where({ id: customerId }).update({ email: 'new@firm.com' });

  expect((await read())[0]?.input).toBe(before?.input);
  expect(JSON.parse(before?.input ?? '')).toEqual({ customer: customerId, amount: 1 });
});

test.each(['{', '7', '{"first":1}', '[]', 'null'])(
  'a shared row of which a hand made %s can be looked at',
  async (covers) => {
    const { database, customerId } = await sofiaSpent(upTo(5));
    await dropGuardsOf(database, 'audit_events');

    await database.knex('audit_events').whereNotNull('covers').update({ covers });

    const [row] = await pages(database, { command: 'credits consume' }, 2);
    expect(row).toMatchObject({ covers, input: '{"spends":5,"amount":5}' });
    expect(spentOf(await pages(database, { customerId }, 2))).toHaveLength(5);
  },
);

test('a shared row whose entries are all gone is still there to be seen', async () => {
  const { database } = await sofiaSpent(upTo(5));
  await dropGuardsOf(database, 'credit_entries');

  await database.knex('credit_entries').whereNotNull('audit_id').delete();

  expect(await pages(database, { command: 'credits consume' }, 1)).toHaveLength(1);
});

test('what a hand put under a shared row takes the place of nothing that was spent', async () => {
  const { database, customerId, entries } = await sofiaSpent(upTo(5));
  const spent = entries.map((entry) => entry.id);
  const last = entries.at(-1);
  const correlation_id = last?.correlation_id ?? '';
  for (const index of upTo(3))
    await database.knex('credit_entries').insert([
      { ...last, id: `${last?.id}${index}`, seq: 900 + index, idempotency_key: `after ${index}` },
      { ...last, id: `led_0${index}`, seq: 950 + index, idempotency_key: `before ${index}` },
    ]);

  for (const page of [1, 2, 4])
    expect(spentOf(await pages(database, { customerId }, page))).toEqual([...spent].reverse());
  expect(await listSharedByCorrelation(database.knex, correlation_id, 1)).toMatchObject([
    { shared_id: last?.audit_id, seq: last?.seq },
  ]);
});
