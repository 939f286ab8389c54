import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

const kept = ['evidence_bundles', 'evidence_parts', 'evidence_documents'] as const;

export async function up(knex: Knex): Promise<void> {
  // Everything that was known of a customer at one moment, under legal hold.
  await knex.schema.createTable('evidence_bundles', (table) => {
    table.text('id').primary();
    table.text('customer_id').notNullable().index();
    // Null when fraud was suspected before anybody disputed.
    table.text('dispute_id').index();
    table.text('cause').notNullable().checkIn(['dispute', 'fraud']);
    // JSON text: the parts with their sha256; and the sha256 of this text.
    table.text('manifest').notNullable();
    table.text('sha256').notNullable();
    table.integer('legal_hold').notNullable();
    table.text('actor').notNullable();
    table.text('reason');
    table.text('correlation_id').notNullable().index();
    table.bigInteger('created_at').notNullable();
  });
  await knex.schema.createTable('evidence_parts', (table) => {
    table.text('bundle_id').notNullable().references('evidence_bundles.id');
    table.integer('seq').notNullable();
    table.text('name').notNullable();
    // JSON lines.
    table.text('content').notNullable();
    table.primary(['bundle_id', 'seq']);
  });
  // What was handed to the bank, as it was approved.
  await knex.schema.createTable('evidence_documents', (table) => {
    table.text('run_id').primary();
    table.text('dispute_id').notNullable().index();
    table.text('customer_id').notNullable().index();
    table.text('name').notNullable();
    // The PDF in base64.
    table.text('content').notNullable();
    table.text('sha256').notNullable();
    // JSON text: Stripe's fields and what stands in them.
    table.text('fields').notNullable();
    table.text('correlation_id').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  for (const name of kept) await (isSqlite(knex) ? keepOnSqlite(knex, name) : keepOnPostgres(knex, name));
}

async function keepOnSqlite(knex: Knex, name: (typeof kept)[number]): Promise<void> {
  for (const act of ['update', 'delete'] as const)
    await knex.raw(
      `create trigger ${name}_no_${act} before ${act} on ${name}
      begin select raise(abort, 'evidence is under legal hold'); end`,
    );
}

async function keepOnPostgres(knex: Knex, name: (typeof kept)[number]): Promise<void> {
  await knex.raw(
    `create trigger ${name}_kept before update or delete or truncate on ${name}
    for each statement execute function lucy_append_only()`,
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const name of [...kept].reverse()) {
    if (isSqlite(knex)) continue;
    await knex.raw(`drop trigger ${name}_kept on ${name}`);
  }
  for (const name of [...kept].reverse()) await knex.schema.dropTable(name);
}
