import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // One execution of one command: planned, shown, then done exactly once.
  await knex.schema.createTable('runs', (table) => {
    table.text('id').primary();
    // Slack delivery, or the script's own key: the same key is the same run.
    table.text('key').unique();
    table.text('command').notNullable();
    table.text('state').notNullable().checkIn(['draft', 'planned', 'done', 'cancelled']);
    table.text('actor_id').notNullable();
    table.text('actor_name').notNullable();
    table.text('person').notNullable();
    table.text('surface').notNullable();
    table.text('input').notNullable();
    table.text('plan');
    // Hash of what the plan rests on; executing compares it with the world again.
    table.text('basis');
    table.text('reply');
    table.text('reason');
    table.text('ticket');
    table.text('customer_id');
    table.text('correlation_id').notNullable().index();
    // The command line that takes this run back, and the run that did.
    table.text('undo_line');
    table.text('undone_by');
    // Where in Slack it was asked, so that the answer can go back there.
    table.text('origin');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('done_at');
    table.index(['person', 'created_at']);
    table.index(['customer_id', 'command', 'done_at']);
  });

  // Neither signature scheme stops a replay inside five minutes, so every Slack delivery is taken once.
  await knex.schema.createTable('slack_deliveries', (table) => {
    table.text('key').primary();
    table.bigInteger('received_at').notNullable().index();
    table.text('answer');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('slack_deliveries');
  await knex.schema.dropTable('runs');
}
