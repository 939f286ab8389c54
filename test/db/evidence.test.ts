import { expect, test } from 'vitest';
import type { Sql } from '#db/connection.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

async function bundle(): Promise<Sql> {
  const { database } = await freshDatabase();
  const sql = database.knex;
  await sql('evidence_bundles').insert({
    id: 'bnd_1',
    customer_id: 'cust_1',
    dispute_id: 'dp_1',
    cause: 'dispute',
    manifest: '{}',
    sha256: 'x',
    legal_hold: 1,
    actor: 'stripe',
    reason: null,
    correlation_id: 'cor_1',
    created_at: 1,
  });
  await sql('evidence_parts').insert({ bundle_id: 'bnd_1', seq: 1, name: 'audit.jsonl', content: '{}\n' });
  await sql('evidence_documents').insert({
    run_id: 'run_1',
    dispute_id: 'dp_1',
    customer_id: 'cust_1',
    name: 'evidence.pdf',
    content: 'JVBERi0=',
    sha256: 'x',
    fields: '{}',
    correlation_id: 'cor_1',
    created_at: 1,
  });
  return sql;
}

/** Whatever the program does, and whoever sits at a database prompt. */
test.each(['evidence_bundles', 'evidence_parts', 'evidence_documents'])(
  'what is under legal hold in %s is neither rewritten nor deleted',
  async (table) => {
    const sql = await bundle();
    const column = table === 'evidence_parts' ? 'name' : 'customer_id';

    await expect(sql(table).update({ [column]: 'other' })).rejects.toThrow(/legal hold|append-only/);
    await expect(sql(table).delete()).rejects.toThrow(/legal hold|append-only/);

    expect(await sql(table)).toHaveLength(1);
  },
);
