import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  // What the plan promised; staff may move the deadline later than it, and back, never before it.
  await knex.schema.alterTable('grace_periods', (table) => table.bigInteger('first_deadline_at'));
  await knex('grace_periods').update({ first_deadline_at: knex.ref('deadline_at') });
  await (isSqlite(knex) ? guardOnSqlite(knex) : guardOnPostgres(knex));

  // A mail to a customer that waits, is being sent, or is over. It is written when it is sent, from what is true then.
  await knex.schema.createTable('mails', (table) => {
    table.text('id').primary();
    // `grace:gra_…:start`: each stage of a grace is told once, ever.
    table.text('dedupe_key').notNullable().unique();
    table.text('grace_id').notNullable().references('grace_periods.id');
    table.text('customer_id').notNullable().references('customers.id');
    table.text('stage').notNullable().checkIn(['start', 'reminder', 'expired', 'recovered']);
    // `unsure`: the server had begun to take it and never said whether it did; it is not sent again.
    table.text('state').notNullable().checkIn(['pending', 'sending', 'sent', 'skipped', 'unsure', 'dead']);
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_attempt_at').notNullable();
    table.text('lease_token');
    table.bigInteger('lease_until');
    table.text('error');
    table.text('correlation_id').notNullable().index();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('ended_at');
    table.index(['state', 'next_attempt_at']);
    table.index(['grace_id']);
  });
}

/** Whatever the program believes: a grace begins once, and lasts fourteen days (1,209,600,000 ms) in all at most. */
async function guardOnSqlite(knex: Knex): Promise<void> {
  await knex.raw(`
    create trigger grace_periods_anchored before update on grace_periods when
      new.started_at <> old.started_at or new.invoice_id <> old.invoice_id or
      new.first_deadline_at is not old.first_deadline_at
    begin select raise(abort, 'when a grace began, and for which invoice, cannot be rewritten'); end`);
  await knex.raw(`
    create trigger grace_periods_bounded before update on grace_periods
    when new.deadline_at <> old.deadline_at and
      (new.deadline_at > new.started_at + 1209600000 or new.deadline_at < new.first_deadline_at)
    begin select raise(abort, 'a grace lasts fourteen days at most, and no shorter than its plan says'); end`);
}

async function guardOnPostgres(knex: Knex): Promise<void> {
  await knex.raw(`
    create function lucy_grace_guard() returns trigger language plpgsql as $$
    begin
      if (new.started_at, new.invoice_id, new.first_deadline_at) is distinct from
          (old.started_at, old.invoice_id, old.first_deadline_at) then
        raise exception 'when a grace began, and for which invoice, cannot be rewritten'
          using errcode = 'restrict_violation';
      end if;
      if new.deadline_at <> old.deadline_at and
          (new.deadline_at > new.started_at + 1209600000 or new.deadline_at < new.first_deadline_at) then
        raise exception 'a grace lasts fourteen days at most, and no shorter than its plan says'
          using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`);
  await knex.raw(`
    create trigger grace_periods_guard before update on grace_periods
    for each row execute function lucy_grace_guard()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('mails');
  if (isSqlite(knex)) {
    await knex.raw('drop trigger grace_periods_anchored');
    await knex.raw('drop trigger grace_periods_bounded');
  } else {
    await knex.raw('drop trigger grace_periods_guard on grace_periods');
    await knex.raw('drop function lucy_grace_guard()');
  }
  await knex.schema.alterTable('grace_periods', (table) => table.dropColumn('first_deadline_at'));
}
