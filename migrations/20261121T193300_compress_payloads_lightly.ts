import type { Knex } from 'knex';

/**
 * Postgres compresses a payload with pglz, which costs a webhook more than everything else that the server does for it. lz4
 * takes a fraction of that, for a little more room. Rows that are there stay as they are, and both are read alike. A server
 * that is built without lz4, or is older than 14, goes on as before.
 */
const setCompression = (method: string) => `
  do $$
  begin
    execute 'alter table stripe_events alter column payload set compression ${method}';
  exception when feature_not_supported or syntax_error then
    null;
  end
  $$`;

const isPostgres = (knex: Knex) => knex.client.dialect === 'postgresql';

export async function up(knex: Knex): Promise<void> {
  if (isPostgres(knex)) await knex.raw(setCompression('lz4'));
}

export async function down(knex: Knex): Promise<void> {
  if (isPostgres(knex)) await knex.raw(setCompression('pglz'));
}
