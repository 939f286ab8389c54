import type { Knex } from 'knex';

/** The predicates stand here as they stand in db/detector-*.ts: only then do the engines see that an index fits. */
const indexes = [
  `create index stripe_events_paid_processed on stripe_events (processed_at)
    where type in ('invoice.paid', 'checkout.session.completed', 'checkout.session.async_payment_succeeded')`,
  `create index ai_usage_undebited on ai_usage (customer_id, received_at)
    where entry_id is null and credits > 0`,
  'create index credit_accounts_in_debt on credit_accounts (customer_id) where debt > 0',
  "create index credit_holds_open on credit_holds (expires_at) where state = 'open'",
  "create index audit_events_portal_links on audit_events (at) where command = 'payment portal-link'",
];

export async function up(knex: Knex): Promise<void> {
  // What a team is told: one message for one finding, or for many of a kind at once. It is a card: edited when it heals.
  await knex.schema.createTable('team_notices', (table) => {
    table.text('id').primary();
    table.text('kind').notNullable();
    table.text('team').notNullable();
    table.text('scope').notNullable().checkIn(['one', 'many']);
    table.integer('version').notNullable();
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('closed_at');
    table.text('correlation_id').notNullable();
    table.index(['kind', 'opened_at']);
  });

  // The finding as it was when it was told: it may open again, and is then told in another notice.
  await knex.schema.createTable('team_notice_findings', (table) => {
    table.text('notice_id').notNullable().references('team_notices.id');
    table.text('finding_id').notNullable().references('findings.id').index();
    table.text('summary').notNullable();
    table.text('evidence').notNullable();
    table.bigInteger('told_at').notNullable();
    table.bigInteger('healed_at');
    table.primary(['notice_id', 'finding_id']);
  });

  // How far each detector has looked.
  await knex.schema.createTable('detector_marks', (table) => {
    table.text('name').primary();
    table.text('mark').notNullable();
    table.bigInteger('looked_at').notNullable();
  });

  // Detectors ask these tables for what is new; none of them may read a table from its beginning.
  await knex.schema.alterTable('payments', (table) => table.index(['fetched_at'], 'payments_fetched_at'));
  await knex.schema.alterTable('customer_sync', (table) =>
    table.index(['synced_at'], 'customer_sync_synced_at'),
  );
  for (const statement of indexes) await knex.raw(statement);
}

export async function down(knex: Knex): Promise<void> {
  for (const name of [
    'audit_events_portal_links',
    'credit_holds_open',
    'credit_accounts_in_debt',
    'ai_usage_undebited',
    'stripe_events_paid_processed',
  ]) {
    await knex.raw(`drop index ${name}`);
  }
  await knex.schema.alterTable('customer_sync', (table) =>
    table.dropIndex(['synced_at'], 'customer_sync_synced_at'),
  );
  await knex.schema.alterTable('payments', (table) => table.dropIndex(['fetched_at'], 'payments_fetched_at'));
  for (const name of ['detector_marks', 'team_notice_findings', 'team_notices'])
    await knex.schema.dropTable(name);
}
