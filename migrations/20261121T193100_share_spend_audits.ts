import type { Knex } from 'knex';

/**
 * Spends that share a transaction share an audit row as well (decision 0025): the entry names it, and says itself what
 * stood in rows of its own before. All null for every other entry, and for those of before.
 */
const added = ['lot_id', 'audit_id', 'asked'];

const FROM = 'shared_spends_from';
const DAY_MS = 86_400_000;

const isPostgres = (knex: Knex) => knex.client.dialect === 'postgresql';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('credit_entries', (table) => {
    // The one lot that it drew on; then it has no row in credit_allocations.
    table.text('lot_id');
    // The audit row that covers it together with others.
    table.text('audit_id');
    // The fingerprint of the request, so that its key alone tells a repetition from another request.
    table.text('asked');
  });
  await knex.schema.alterTable('audit_events', (table) => {
    // JSON text: from which entry to which, how many, and the hash of all of them.
    table.text('covers');
  });
  await postpone(knex);
}

/**
 * The version before cannot read what spends that share an audit row leave, and may run beside this one while it is rolled
 * out: they share from a day later on. A database on which nobody has worked yet has no such row, and they share at once.
 */
async function postpone(knex: Knex): Promise<void> {
  const isUsed = (await knex('credit_entries').first('id')) ?? (await knex('installation').first('name'));
  if (!isUsed) return;
  // Machines differ: on Postgres all of them go by the server's clock.
  const [{ ms }] = await (isPostgres(knex)
    ? knex.select(knex.raw('extract(epoch from clock_timestamp()) * 1000 as ms'))
    : knex.select(knex.raw("unixepoch('subsec') * 1000 as ms")));
  const now = Math.round(Number(ms));
  await knex('installation').insert({ name: FROM, value: String(now + DAY_MS), set_at: now });
}

/** Without these columns nobody knows any more which lot such a spend drew on, who made it, or what its key was for. */
export async function down(knex: Knex): Promise<void> {
  const shared = await knex('credit_entries').whereNotNull('lot_id').orWhereNotNull('audit_id').first('id');
  if (shared)
    throw new Error(
      'Spends share audit rows already, and only these columns say what they drew on and who made them, so nothing was changed. To go back, restore a backup from before the migration.',
    );
  await knex('installation').where({ name: FROM }).delete();
  // knex would make the tables anew on SQLite, and leave the guards of both behind.
  await knex.raw('alter table audit_events drop column covers');
  for (const name of added) await knex.raw(`alter table credit_entries drop column ${name}`);
}
