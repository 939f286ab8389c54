import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What CI put into production, as it reported it.
  await knex.schema.createTable('releases', (table) => {
    table.text('id').primary();
    // CI's own id of the deployment: reported again, it is the same one.
    table.text('external_id').notNullable().unique();
    table.text('version').notNullable();
    table.text('url');
    table.text('reported_by').notNullable();
    table.bigInteger('deployed_at').notNullable();
    table.bigInteger('reported_at').notNullable();
    table.text('correlation_id').notNullable();
    table.index(['deployed_at']);
    table.index(['version']);
  });

  // Each rollback that was decided, until a release report shows that it happened.
  await knex.schema.createTable('rollbacks', (table) => {
    table.text('id').primary();
    table.text('run_id').notNullable().unique();
    table.text('from_version').notNullable();
    table.text('to_version').notNullable();
    table.text('state').notNullable().checkIn(['queued', 'sent', 'confirmed', 'failed']);
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable();
    table.text('lease_token');
    table.bigInteger('lease_until');
    table.text('last_error');
    table.text('requested_by').notNullable();
    table.text('cause').notNullable();
    table.text('correlation_id').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('sent_at');
    table.bigInteger('escalated_at');
    table.bigInteger('ended_at');
    table.index(['state', 'next_attempt_at']);
  });
  // Two at once would race for what runs in the end.
  await knex.raw(
    "create unique index rollbacks_one_open on rollbacks ((1)) where state in ('queued', 'sent')",
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['rollbacks', 'releases']) await knex.schema.dropTable(name);
}
