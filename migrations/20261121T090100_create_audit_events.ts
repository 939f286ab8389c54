import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('audit_events', (table) => {
    table.text('id').primary();
    table.bigInteger('at').notNullable();
    table.text('actor_id').notNullable();
    table.text('actor_name').notNullable();
    table.text('person').notNullable();
    table.text('surface').notNullable();
    table.text('command').notNullable();
    table.text('outcome').notNullable().checkIn(['done', 'refused', 'failed']);
    table.text('run_id');
    table.text('customer_id');
    table.text('input').notNullable();
    table.text('before').notNullable();
    table.text('after').notNullable();
    table.text('reason');
    table.text('ticket');
    table.text('correlation_id').notNullable().index();
    table.index(['customer_id', 'at']);
    table.index(['person', 'at']);
  });

  // History is append-only, whoever asks: no code path, and no hand at a database prompt, may rewrite it by accident.
  if (isSqlite(knex)) {
    for (const act of ['update', 'delete']) {
      await knex.raw(`
        create trigger audit_events_no_${act} before ${act} on audit_events
        begin select raise(abort, 'audit_events is append-only'); end`);
    }
    return;
  }
  await knex.raw(`
    create function lucy_append_only() returns trigger language plpgsql as $$
    begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$`);
  await knex.raw(`
    create trigger audit_events_append_only before update or delete or truncate on audit_events
    for each statement execute function lucy_append_only()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('audit_events');
  if (!isSqlite(knex)) await knex.raw('drop function lucy_append_only()');
}
