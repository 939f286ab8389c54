import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // A runbook that somebody works through.
  await knex.schema.createTable('runbook_runs', (table) => {
    table.text('id').primary();
    table.text('runbook').notNullable();
    // Empty for none, so that “one at a time” holds for these, too.
    table.text('customer_id').notNullable();
    table.text('ticket').notNullable();
    table.text('person').notNullable();
    table.text('actor_id').notNullable();
    table.text('actor_name').notNullable();
    // Where its card stands; null for somebody whom Lucy knows at the terminal only.
    table.text('target');
    table.text('state').notNullable().checkIn(['open', 'done', 'closed']);
    table.integer('version').notNullable().defaultTo(1);
    // Evidence counts from here on.
    table.bigInteger('since').notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at');
    table.text('ended_name');
    table.text('end_reason');
    table.text('correlation_id').notNullable().index();
    table.check(`(state = 'open') = (ended_at is null)`, [], 'runbook_runs_end_whole');
    table.unique(['runbook', 'customer_id', 'ticket'], {
      indexName: 'runbook_runs_one_open',
      useConstraint: false,
      predicate: knex.whereNull('ended_at'),
    });
    table.index(['state', 'started_at']);
  });
  await knex.schema.createTable('runbook_steps', (table) => {
    table.text('run_id').notNullable().references('id').inTable('runbook_runs');
    table.integer('seq').notNullable();
    table.text('key').notNullable();
    // As it read when the runbook was started.
    table.text('says').notNullable();
    table.bigInteger('ticked_at');
    table.text('ticked_name');
    table.text('ticked_by').checkIn(['hand', 'evidence']);
    // What ticked it, or why nothing did yet.
    table.text('note');
    table.primary(['run_id', 'seq']);
    table.unique(['run_id', 'key']);
    table.check(
      `(ticked_at is null) = (ticked_name is null) and (ticked_at is null) = (ticked_by is null)`,
      [],
      'runbook_steps_tick_whole',
    );
  });
  // What somebody would change in a runbook, until its owner says yes or no.
  await knex.schema.createTable('runbook_suggestions', (table) => {
    table.text('id').primary();
    table.text('runbook').notNullable();
    table.text('suggestion').notNullable();
    table.text('ticket').notNullable().index();
    table.text('person').notNullable();
    table.text('actor_id').notNullable();
    table.text('actor_name').notNullable();
    table.text('state').notNullable().checkIn(['open', 'accepted', 'declined']);
    table.text('decided_name');
    table.text('decision');
    table.bigInteger('decided_at');
    table.bigInteger('created_at').notNullable();
    table.text('correlation_id').notNullable().index();
    table.check(
      `(state = 'open') = (decided_at is null) and (decided_at is null) = (decision is null)`,
      [],
      'runbook_suggestions_decided_whole',
    );
    table.index(['state', 'created_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['runbook_suggestions', 'runbook_steps', 'runbook_runs'])
    await knex.schema.dropTable(name);
}
