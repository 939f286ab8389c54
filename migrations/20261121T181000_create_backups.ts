import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Each backup that was asked for or due, and what became of it. What it is stands beside its file, too.
  await knex.schema.createTable('backups', (table) => {
    table.text('id').primary();
    // Why it is made, once: the run that asked, or the hour or night in which it was due.
    table.text('slot').notNullable().unique();
    table.text('run_id');
    table.text('why').notNullable().checkIn(['asked', 'schedule', 'night', 'migration', 'restore']);
    table.text('state').notNullable().checkIn(['queued', 'taken', 'verified', 'bad', 'failed', 'pruned']);
    table.text('file');
    table.text('engine').notNullable();
    // What stood in the database at this moment is in it.
    table.bigInteger('reached_at');
    table.bigInteger('bytes');
    table.text('sha256');
    // JSON: last migration, last audit row and seal, rows by table.
    table.text('facts');
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable();
    table.text('lease_token');
    table.bigInteger('lease_until');
    table.text('error');
    table.text('requested_by').notNullable();
    table.text('cause').notNullable();
    table.text('correlation_id').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('verified_at');
    table.bigInteger('ended_at');
    table.index(['state', 'next_attempt_at']);
    table.index(['created_at']);
  });

  // Each restore and each drill, step by step.
  await knex.schema.createTable('restores', (table) => {
    table.text('id').primary();
    table.text('run_id').unique();
    table.text('kind').notNullable().checkIn(['restore', 'drill']);
    table.text('backup_id').notNullable();
    table.text('file').notNullable();
    table.bigInteger('reached_at').notNullable();
    table
      .text('step')
      .notNullable()
      .checkIn(['asked', 'closed', 'saved', 'swapped', 'catching_up', 'done', 'failed']);
    table.integer('version').notNullable().defaultTo(1);
    // JSON: what was found and measured on the way.
    table.text('facts').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable();
    table.text('lease_token');
    table.bigInteger('lease_until');
    table.text('error');
    table.text('requested_by').notNullable();
    table.text('cause').notNullable();
    table.text('correlation_id').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('ended_at');
    table.index(['created_at']);
  });
  // Two at once would swap each other away.
  await knex.raw(
    "create unique index restores_one_open on restores ((1)) where kind = 'restore' and ended_at is null",
  );

  // One row while nothing may be changed; it ends by itself when nobody renews it.
  await knex.schema.createTable('maintenance', (table) => {
    table.text('id').primary();
    table.text('restore_id').notNullable();
    table.text('by_name').notNullable();
    table.text('says').notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('until').notNullable();
    table.bigInteger('intake_closed_at');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['maintenance', 'restores', 'backups']) await knex.schema.dropTable(name);
}
