import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  // What people handed in. The id is made of the content, so the same file twice is one row.
  await knex.schema.createTable('files', (table) => {
    table.text('id').primary();
    table.text('name').notNullable();
    table.integer('size').notNullable();
    table.text('content').notNullable();
    table.bigInteger('created_at').notNullable().index();
  });
  // One confirmed run that acts on many lines, each exactly once.
  await knex.schema.createTable('batches', (table) => {
    table.text('id').primary();
    table.text('run_id').notNullable().unique();
    table.text('command').notNullable();
    // Null where no file was handed in.
    table.text('file_id');
    table.text('subject').notNullable();
    table.text('state').notNullable().checkIn(['running', 'done']);
    table.integer('total').notNullable();
    table.integer('applied').notNullable().defaultTo(0);
    table.integer('failed').notNullable().defaultTo(0);
    table.integer('skipped').notNullable().defaultTo(0);
    // Rises with every change of what the card shows.
    table.integer('version').notNullable().defaultTo(1);
    // JSON text: who asked, who approved, and why.
    table.text('cause').notNullable();
    table.text('lease_token');
    table.bigInteger('lease_until');
    table.text('correlation_id').notNullable().index();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('ended_at');
    table.index(['state', 'created_at']);
    table.index(['file_id']);
  });
  await knex.schema.createTable('batch_rows', (table) => {
    table.text('batch_id').notNullable().references('batches.id');
    table.integer('line').notNullable();
    table.text('state').notNullable().checkIn(['pending', 'applied', 'failed', 'skipped']);
    table.text('email').notNullable();
    // JSON text: what the line says.
    table.text('input').notNullable();
    table.text('customer_id');
    table.text('entry_id');
    // What became of it, or why nothing did; a sentence.
    table.text('result');
    table.bigInteger('ended_at');
    table.primary(['batch_id', 'line']);
    table.index(['batch_id', 'state', 'line']);
  });
  await (isSqlite(knex) ? guardOnSqlite(knex) : guardOnPostgres(knex));
}

/** A line that has ended stays as it ended: whoever carries the batch on cannot do it a second time. */
async function guardOnSqlite(knex: Knex): Promise<void> {
  await knex.raw(`
    create trigger batch_rows_final before update on batch_rows when old.state <> 'pending'
    begin select raise(abort, 'this line of the batch has ended'); end`);
}

async function guardOnPostgres(knex: Knex): Promise<void> {
  await knex.raw(`
    create function lucy_batch_row_guard() returns trigger language plpgsql as $$
    begin
      if old.state <> 'pending' then
        raise exception 'this line of the batch has ended' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`);
  await knex.raw(`
    create trigger batch_rows_final before update on batch_rows
    for each row execute function lucy_batch_row_guard()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('batch_rows');
  if (!isSqlite(knex)) await knex.raw('drop function ??()', ['lucy_batch_row_guard']);
  for (const name of ['batches', 'files']) await knex.schema.dropTable(name);
}
