import { expect, test } from 'vitest';
import { testEngine } from '#test/world/fresh-database.ts';
import { lacksPostgresTools, useSystemPostgres } from '#test/world/system-postgres.ts';

const what = 'how payloads are compressed';
const { open } = useSystemPostgres();

test.skipIf(testEngine !== 'postgres' || lacksPostgresTools(what))(
  'payloads are compressed by lz4 where the server has it, and those from before are read like them',
  async () => {
    const { database } = await open();
    const { knex } = database;
    const has = await knex.raw(
      "select 'lz4' = any(enumvals) as lz4 from pg_settings where name = 'default_toast_compression'",
    );
    const payload = JSON.stringify({ text: 'the same again '.repeat(500) });
    const row = (id: string) => ({
      id,
      mode: 'test',
      type: 'invoice.paid',
      created_at: 1,
      received_at: 1,
      source: 'webhook',
      payload,
      payload_sha256: 'x',
      status: 'done',
      next_attempt_at: 1,
      correlation_id: 'cor_1',
    });
    await knex('stripe_events').insert(row('evt_new'));
    await knex.raw('alter table stripe_events alter column payload set compression pglz');
    await knex('stripe_events').insert(row('evt_old'));

    const rows = await knex('stripe_events')
      .orderBy('id')
      .select('payload', knex.raw('pg_column_compression(payload) as how'));

    expect(rows).toEqual([
      { payload, how: has.rows[0].lz4 ? 'lz4' : 'pglz' },
      { payload, how: 'pglz' },
    ]);
  },
);
