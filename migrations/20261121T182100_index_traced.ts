import type { Knex } from 'knex';

/** A request ID leads to what it made: `trace` asks each of these once, and they grow for ever. */
const tables = ['incidents', 'incident_entries', 'releases', 'health_alerts', 'team_notices'] as const;

export async function up(knex: Knex): Promise<void> {
  for (const name of tables)
    await knex.schema.alterTable(name, (table) => void table.index(['correlation_id']));
  await knex.schema.alterTable('runbook_runs', (table) => void table.index(['ticket']));
  // Where Slack shows a message: from its permalink to what it tells of.
  await knex.schema.alterTable('outbox', (table) => {
    table.index(['sent_ts'], 'outbox_sent_ts', { predicate: knex.whereNotNull('sent_ts') });
  });
  await knex.schema.alterTable('cards', (table) => {
    table.index(['ts'], 'cards_ts', { predicate: knex.whereNotNull('ts') });
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('runbook_runs', (table) => void table.dropIndex(['ticket']));
  await knex.schema.alterTable('cards', (table) => void table.dropIndex(['ts'], 'cards_ts'));
  await knex.schema.alterTable('outbox', (table) => void table.dropIndex(['sent_ts'], 'outbox_sent_ts'));
  for (const name of tables)
    await knex.schema.alterTable(name, (table) => void table.dropIndex(['correlation_id']));
}
