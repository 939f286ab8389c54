import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  // What is to be preserved, under legal hold from now on; a bundle has the id of its order.
  await knex.schema.createTable('evidence_orders', (table) => {
    table.text('id').primary();
    table.text('customer_id').notNullable().index();
    // Null when fraud was suspected before anybody disputed.
    table.text('dispute_id').index();
    table.text('cause').notNullable().checkIn(['dispute', 'fraud']);
    table.text('actor').notNullable();
    table.text('actor_name').notNullable();
    table.text('reason');
    table.text('correlation_id').notNullable();
    table.bigInteger('created_at').notNullable();
    // When the bundle was complete.
    table.bigInteger('done_at').index();
  });
  await knex.raw(`
    insert into evidence_orders
      (id, customer_id, dispute_id, cause, actor, actor_name, reason, correlation_id, created_at, done_at)
    select id, customer_id, dispute_id, cause, actor, actor, reason, correlation_id, created_at, created_at
    from evidence_bundles`);
  // Parts are written one by one, before the manifest that names all of them.
  await makeParts(knex, false);
}

/** A reference to the bundle: with it, or, while a bundle grows, without. */
async function makeParts(knex: Knex, isReferring: boolean): Promise<void> {
  if (!isSqlite(knex)) {
    await knex.schema.alterTable('evidence_parts', (table) => {
      if (isReferring) table.foreign('bundle_id').references('evidence_bundles.id');
      else table.dropForeign('bundle_id');
    });
    return;
  }
  for (const act of ['update', 'delete']) await knex.raw(`drop trigger evidence_parts_no_${act}`);
  await knex.schema.renameTable('evidence_parts', 'evidence_parts_before');
  await knex.schema.createTable('evidence_parts', (table) => {
    const bundle = table.text('bundle_id').notNullable();
    if (isReferring) bundle.references('evidence_bundles.id');
    table.integer('seq').notNullable();
    table.text('name').notNullable();
    table.text('content').notNullable();
    table.primary(['bundle_id', 'seq']);
  });
  await knex.raw(
    'insert into evidence_parts select bundle_id, seq, name, content from evidence_parts_before',
  );
  await knex.schema.dropTable('evidence_parts_before');
  for (const act of ['update', 'delete'])
    await knex.raw(
      `create trigger evidence_parts_no_${act} before ${act} on evidence_parts
      begin select raise(abort, 'evidence is under legal hold'); end`,
    );
}

export async function down(knex: Knex): Promise<void> {
  await makeParts(knex, true);
  await knex.schema.dropTable('evidence_orders');
}
