import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('health_alerts', (table) => {
    // How bad it was when somebody was called last. Of those from before nobody knows: they call nobody anew.
    table.text('state').notNullable().defaultTo('down');
    // Looks in a row that found it worse than that, and when it was told.
    table.integer('worse_looks').notNullable().defaultTo(0);
    table.bigInteger('worse_at');
  });
  await knex.schema.alterTable('rollbacks', (table) => {
    // Written before the hook is asked: whoever finds it without an answer does not know whether it was.
    table.bigInteger('asked_at');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('rollbacks', (table) => table.dropColumn('asked_at'));
  await knex.schema.alterTable('health_alerts', (table) => {
    for (const column of ['worse_at', 'worse_looks', 'state']) table.dropColumn(column);
  });
}
