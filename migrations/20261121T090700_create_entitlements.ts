import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  // What a customer may use now: derived, never edited.
  await knex.schema.createTable('entitlements', (table) => {
    table.text('customer_id').primary().references('customers.id');
    table.text('tier').notNullable();
    table.text('access').notNullable().checkIn(['full', 'grace', 'restricted', 'locked']);
    table.text('source').notNullable().checkIn(['subscription', 'manual', 'override', 'default']);
    table.text('source_ref');
    table.text('pending_tier');
    table.bigInteger('pending_at');
    table.bigInteger('grace_deadline_at');
    table.text('inputs_hash').notNullable();
    table.integer('version').notNullable();
    table.bigInteger('updated_at').notNullable();
  });

  await knex.schema.createTable('entitlement_changes', (table) => {
    table.text('id').primary();
    table.text('customer_id').notNullable().references('customers.id');
    table.integer('version').notNullable();
    table.text('from_tier').notNullable();
    table.text('to_tier').notNullable();
    table.text('from_access').notNullable();
    table.text('to_access').notNullable();
    table.text('source').notNullable();
    table.text('cause').notNullable().checkIn(['event', 'timer', 'staff']);
    // The event, timer or run that caused it.
    table.text('cause_ref').notNullable().index();
    table.text('actor').notNullable();
    table.text('reason').notNullable();
    table.text('correlation_id').notNullable().index();
    table.bigInteger('at').notNullable();
    table.unique(['customer_id', 'version']);
  });
  if (isSqlite(knex)) {
    for (const act of ['update', 'delete']) {
      await knex.raw(`
        create trigger entitlement_changes_no_${act} before ${act} on entitlement_changes
        begin select raise(abort, 'entitlement_changes is append-only'); end`);
    }
  } else {
    await knex.raw(`
      create trigger entitlement_changes_append_only before update or delete or truncate on entitlement_changes
      for each statement execute function lucy_append_only()`);
  }

  await knex.schema.createTable('overrides', (table) => {
    table.text('id').primary();
    table.text('customer_id').notNullable().references('customers.id');
    table.text('tier').notNullable();
    table.text('reason').notNullable();
    table.text('ticket');
    table.text('actor').notNullable();
    table.bigInteger('starts_at').notNullable();
    table.bigInteger('expires_at');
    table.bigInteger('ended_at');
    table.index(['customer_id', 'ended_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['overrides', 'entitlement_changes', 'entitlements']) await knex.schema.dropTable(name);
}
