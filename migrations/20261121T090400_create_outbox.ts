import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Every message that leaves Lucy is a row first, written with the effect that it tells of.
  await knex.schema.createTable('outbox', (table) => {
    table.text('id').primary();
    table.text('dedupe_key').notNullable().unique();
    table.text('kind').notNullable().checkIn(['slack']);
    // A channel of the config (`entitlements`), or `user:U…` for a direct message.
    table.text('target').notNullable();
    table.text('payload').notNullable();
    table.text('state').notNullable().checkIn(['pending', 'sending', 'sent', 'folded', 'dead']);
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable();
    table.text('lease_token');
    table.bigInteger('lease_until');
    table.text('error');
    table.text('correlation_id').notNullable().index();
    table.text('sent_channel');
    table.text('sent_ts');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('sent_at');
    table.index(['state', 'target', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('outbox');
}
