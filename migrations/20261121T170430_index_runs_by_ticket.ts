import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What was done for a ticket: read every few seconds while a case is being closed.
  await knex.schema.alterTable('runs', (table) => {
    table.index(['ticket', 'created_at'], 'runs_ticket_index', { predicate: knex.whereNotNull('ticket') });
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('runs', (table) => {
    table.dropIndex(['ticket', 'created_at'], 'runs_ticket_index');
  });
}
