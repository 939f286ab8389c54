import type { Knex } from 'knex';

/**
 * Spends that share a transaction share an audit row as well (decision 0025): the entry names it, and says itself what
 * stood in rows of its own before. All null for every other entry, and for those of before.
 */
const added = ['lot_id', 'audit_id', 'asked'];

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
}

export async function down(knex: Knex): Promise<void> {
  // knex would make the tables anew on SQLite, and leave the guards of both behind.
  await knex.raw('alter table audit_events drop column covers');
  for (const name of added) await knex.raw(`alter table credit_entries drop column ${name}`);
}
