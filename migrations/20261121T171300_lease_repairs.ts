import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('reconcile_findings', (table) => {
    table.text('lease_token');
    table.bigInteger('lease_until').notNullable().defaultTo(0);
    // JSON text: { at, seqs }, since when the workers are asked, and the dirty mark that their reading must come after.
    table.text('asked');
    // The last run that saw it again, and told it no second time.
    table.text('again_run');
  });
  // What waits for its repair is looked for every second, among everything that was ever found.
  await knex.raw(`
    create index reconcile_findings_to_apply on reconcile_findings (next_attempt_at, id)
    where state = 'open' and apply_run is not null`);
  await knex.raw(
    'create index reconcile_findings_again on reconcile_findings (again_run) where again_run is not null',
  );
  await knex.schema.alterTable('reconcile_runs', (table) => {
    // Customers who could not be judged, because events about them still waited here.
    table.integer('on_their_way').notNullable().defaultTo(0);
    table.index(['ended_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('reconcile_runs', (table) => {
    table.dropIndex(['ended_at']);
    table.dropColumn('on_their_way');
  });
  await knex.raw('drop index reconcile_findings_again');
  await knex.raw('drop index reconcile_findings_to_apply');
  await knex.schema.alterTable('reconcile_findings', (table) => {
    for (const name of ['again_run', 'asked', 'lease_until', 'lease_token']) table.dropColumn(name);
  });
}
