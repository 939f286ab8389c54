import type { Knex } from 'knex';

/**
 * Every AI call of the product writes an audit row and a ledger entry, and nearly all of these have no ticket, reverse
 * nothing and are done: an index that leaves them out finds the few others just as well, and costs those calls nothing.
 */
const slim = [
  ['audit_events_ticket_at_id_index', 'audit_events', 'ticket, at, id', 'ticket is not null'],
  ['audit_events_outcome_at_id_index', 'audit_events', 'outcome, at, id', "outcome <> 'done'"],
  ['credit_entries_reversal_of_index', 'credit_entries', 'reversal_of', 'reversal_of is not null'],
] as const;

export async function up(knex: Knex): Promise<void> {
  for (const [name, table, columns, only] of slim) {
    await knex.raw(`drop index ${name}`);
    await knex.raw(`create index ${name} on ${table} (${columns}) where ${only}`);
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const [name, table, columns] of slim) {
    await knex.raw(`drop index ${name}`);
    await knex.raw(`create index ${name} on ${table} (${columns})`);
  }
}
