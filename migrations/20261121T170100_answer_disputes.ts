import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

const kinds = ['refund', 'cancel_subscription', 'close_dispute', 'submit_evidence'];
const formerKinds = kinds.slice(0, 2);

export async function up(knex: Knex): Promise<void> {
  await setEffectKinds(knex, kinds);
  // Whatever the program believes: a dispute has one answer on its way at a time.
  await knex.raw(`
    create unique index stripe_effects_one_answer on stripe_effects (target_id)
    where kind in ('close_dispute', 'submit_evidence') and state in ('queued', 'sending', 'unknown')`);
}

/**
 * SQLite cannot change a check in place: the table is made anew with the same columns, and its indexes and triggers are
 * put back as they were.
 */
async function setEffectKinds(knex: Knex, allowed: readonly string[]): Promise<void> {
  const check = `kind in (${allowed.map((kind) => `'${kind}'`).join(', ')})`;
  if (!isSqlite(knex)) {
    const checks: string[] = await knex('pg_constraint')
      .whereRaw("conrelid = 'stripe_effects'::regclass and contype = 'c'")
      .whereRaw("pg_get_constraintdef(oid) like '%kind%'")
      .pluck('conname');
    for (const name of checks) await knex.raw('alter table stripe_effects drop constraint ??', [name]);
    await knex.schema.alterTable('stripe_effects', (table) =>
      table.check(check, [], 'stripe_effects_kind_check'),
    );
    return;
  }
  const made: { type: string; sql: string }[] = await knex('sqlite_master')
    .where({ tbl_name: 'stripe_effects' })
    .whereNotNull('sql')
    .select('type', 'sql');
  const table = made.find(({ type }) => type === 'table')?.sql ?? '';
  const renewed = table
    .replace(/create table [`"]?stripe_effects[`"]?/i, 'create table `stripe_effects_renewed`')
    .replace(/check\s*\(\s*[`"]?kind[`"]?\s+in\s*\([^)]*\)\s*\)/i, `check (${check})`);
  if (!renewed.includes('stripe_effects_renewed') || !renewed.includes(check))
    throw new Error('The table stripe_effects is not as its migration left it');
  await knex.raw(renewed);
  await knex.raw('insert into stripe_effects_renewed select * from stripe_effects');
  // Its triggers go with it; dropping a table fires none of them.
  await knex.schema.dropTable('stripe_effects');
  await knex.schema.renameTable('stripe_effects_renewed', 'stripe_effects');
  for (const { sql } of made.filter(({ type }) => type !== 'table')) await knex.raw(sql);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index stripe_effects_one_answer');
  await setEffectKinds(knex, formerKinds);
}
