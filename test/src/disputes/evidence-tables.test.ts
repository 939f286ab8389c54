import { expect, test } from 'vitest';
import { evidenceTables } from '#db/evidence-records.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

/** Tables that name a customer and are no evidence of them: what is still to be done, counted or preserved. */
const leftOut = [
  'bulk_reads',
  'customer_sync',
  'evidence_bundles',
  'evidence_documents',
  'evidence_orders',
  'payment_asks',
  'reconcile_runs',
];

test('every table that names a customer is preserved, or left out for a reason', async () => {
  const { database } = await freshDatabase();
  const sql = database.knex;
  const tables: string[] =
    database.engine === 'sqlite'
      ? await sql('sqlite_master').where({ type: 'table' }).pluck('name')
      : await sql('information_schema.tables').where({ table_schema: 'public' }).pluck('table_name');
  const naming: string[] = [];
  for (const table of tables) {
    const columns = Object.keys(await sql(table).columnInfo());
    if (columns.includes('customer_id') || columns.includes('stripe_customer_id')) naming.push(table);
  }

  expect(naming.length).toBeGreaterThan(15);
  expect(naming.filter((table) => !evidenceTables.includes(table)).sort()).toEqual([...leftOut].sort());
});
