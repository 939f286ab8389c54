import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What was done today, for the limits by day. A row per measure, so that a new one needs no column.
  await knex.schema.createTable('policy_usage', (table) => {
    // `person:ada` or `customer:cust_…`
    table.text('subject').notNullable();
    table.text('command').notNullable();
    // The UTC day, such as 2026-11-21.
    table.text('day').notNullable();
    // `credits`, `money:usd` in minor units, or `runs`
    table.text('measure').notNullable();
    table.bigInteger('amount').notNullable().defaultTo(0);
    table.primary(['subject', 'command', 'day', 'measure']);
    table.index(['day']);
  });

  // Who was in a user group when Slack was last asked, for those who cannot ask Slack: the terminal.
  await knex.schema.createTable('slack_groups', (table) => {
    table.text('group_id').primary();
    // JSON text: Slack member ids.
    table.text('members').notNullable();
    table.bigInteger('read_at').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('slack_groups');
  await knex.schema.dropTable('policy_usage');
}
