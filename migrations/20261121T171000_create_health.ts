import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What each probe saw last, and how often in a row: shared by all processes, so that one outage is one alert.
  await knex.schema.createTable('health_probes', (table) => {
    table.text('id').primary();
    table.text('state').notNullable().checkIn(['ok', 'degraded', 'down', 'unknown']);
    table.text('detail').notNullable();
    table.integer('failures').notNullable().defaultTo(0);
    table.integer('successes').notNullable().defaultTo(0);
    // Since when it is as it is.
    table.bigInteger('since').notNullable();
    table.bigInteger('checked_at').notNullable();
    table.bigInteger('next_at').notNullable();
  });

  await knex.schema.createTable('health_alerts', (table) => {
    table.text('id').primary();
    table.text('probe_id').notNullable();
    table.text('detail').notNullable();
    table.bigInteger('began_at').notNullable();
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('recovered_at');
    table.text('recovered_detail');
    table.text('acknowledged_by');
    table.text('acknowledged_name');
    table.bigInteger('acknowledged_at');
    // How far down the rota it was taken: 0 is whoever is on call first.
    table.integer('level').notNullable().defaultTo(0);
    table.integer('reminders').notNullable().defaultTo(0);
    table.text('correlation_id').notNullable();
    table.integer('version').notNullable().defaultTo(1);
    table.index(['opened_at']);
  });
  // One open alert for each probe, whoever finds out first.
  await knex.raw(
    'create unique index health_alerts_one_open on health_alerts (probe_id) where recovered_at is null',
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['health_alerts', 'health_probes']) await knex.schema.dropTable(name);
}
