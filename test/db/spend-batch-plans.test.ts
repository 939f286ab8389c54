import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { beginSql, standingSql } from '#db/spend-batch-postgres.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { ledgerWorld } from '#test/world/ledger-world.ts';

test.runIf(testEngine === 'postgres')(
  'a plan that was made while the ledger was small looks each key up by its index when it has grown',
  async () => {
    const { database, url, grant, spend } = await ledgerWorld();
    await grant(100);
    for (let count = 0; count < 3; count++) await spend(1, `first-${count}`);
    // As autovacuum does: from now on Postgres believes in a ledger of four entries.
    await database.knex.raw('analyze');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());

    await client.query(beginSql);
    await client.query(`prepare standing as ${standingSql}`);
    const { rows } = await client.query(`explain execute standing('{}', '{}', '{}', '{}')`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');

    const looked = ['credit_entries_idempotency_key_unique', 'api_requests_pkey', 'credit_accounts_pkey'];
    for (const index of [...looked, 'customers_pkey'])
      expect(plan).toMatch(new RegExp(`Index Scan using ${index} [^\n]*\n +Index Cond: `));
    expect(plan).not.toMatch(/Filter:|Seq Scan/);
  },
);
