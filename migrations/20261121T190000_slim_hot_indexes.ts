import type { Knex } from 'knex';

/**
 * Every AI call of the product writes an audit row and a ledger entry, and nearly all of these have no ticket, reverse
 * nothing and are done: an index that leaves them out finds the few others just as well, and costs those calls nothing.
 */
const names = [
  'audit_events_ticket_at_id_index',
  'audit_events_outcome_at_id_index',
  'credit_entries_reversal_of_index',
];

const slim = [
  `create index audit_events_ticket_at_id_index on audit_events (ticket, at, id) where ticket is not null`,
  `create index audit_events_outcome_at_id_index on audit_events (outcome, at, id) where outcome <> 'done'`,
  `create index credit_entries_reversal_of_index on credit_entries (reversal_of) where reversal_of is not null`,
];

const whole = [
  'create index audit_events_ticket_at_id_index on audit_events (ticket, at, id)',
  'create index audit_events_outcome_at_id_index on audit_events (outcome, at, id)',
  'create index credit_entries_reversal_of_index on credit_entries (reversal_of)',
];

export async function up(knex: Knex): Promise<void> {
  for (const name of names) await knex.raw(`drop index ${name}`);
  for (const index of slim) await knex.raw(index);
}

export async function down(knex: Knex): Promise<void> {
  for (const name of names) await knex.raw(`drop index ${name}`);
  for (const index of whole) await knex.raw(index);
}
