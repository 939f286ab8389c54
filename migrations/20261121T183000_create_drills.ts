import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // An incident that is only played: who takes part, how fast its clock runs, and how it went.
  await knex.schema.createTable('drills', (table) => {
    table.text('id').primary();
    // So many times faster than life runs the clock of what customers are owed.
    table.integer('pace').notNullable();
    // JSON: who takes part, and is therefore the only one who is called.
    table.text('participants').notNullable();
    // Since when Lucy takes the people's steps herself; null when people do.
    table.bigInteger('played_at');
    // What comes next, and since when.
    table.text('step').notNullable();
    table.bigInteger('step_at').notNullable();
    table.text('started_by').notNullable();
    table.text('started_name').notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at');
    table.text('outcome').checkIn(['done', 'stopped', 'real', 'idle']);
    table.text('ended_name');
    table.text('ended_reason');
    // JSON: how long each step took, as measured when it ended.
    table.text('score');
    table.text('correlation_id').notNullable();
    table.integer('version').notNullable().defaultTo(1);
    table.index(['started_at']);
    table.check('(ended_at is null) = (outcome is null)', [], 'drills_ended_how');
  });
  // One at a time, whoever starts it.
  await knex.raw(
    'create unique index drills_one_open on drills (coalesce(ended_at, 0)) where ended_at is null',
  );

  await knex.schema.alterTable('incidents', (table) => {
    // The drill that it belongs to: nothing of it is published, counted or told to anybody outside.
    table.text('drill_id');
    table.integer('pace').notNullable().defaultTo(1);
  });
  await knex.raw(
    'create unique index incidents_one_of_drill on incidents (drill_id) where drill_id is not null',
  );
  await knex.schema.alterTable('health_alerts', (table) => {
    table.text('drill_id');
  });
  await knex.raw(
    'create unique index health_alerts_one_of_drill on health_alerts (drill_id) where drill_id is not null',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index health_alerts_one_of_drill');
  await knex.raw('drop index incidents_one_of_drill');
  await knex.schema.alterTable('health_alerts', (table) => table.dropColumn('drill_id'));
  await knex.schema.alterTable('incidents', (table) => table.dropColumns('drill_id', 'pace'));
  await knex.schema.dropTable('drills');
}
