import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  // A time in which one person needs nobody else's yes: short, announced, and reviewed by somebody else.
  await knex.schema.createTable('break_glass', (table) => {
    table.text('id').primary();
    table.text('person').notNullable();
    table.text('actor_id').notNullable();
    table.text('actor_name').notNullable();
    table.text('reason').notNullable();
    table.text('ticket').notNullable();
    table.bigInteger('started_at').notNullable();
    // Over at this moment, whether or not anything is running to notice it.
    table.bigInteger('ends_at').notNullable();
    // When it was found to be over, or was ended early; by nobody when it ended by itself.
    table.bigInteger('ended_at');
    table.text('ended_by');
    table.text('ended_name');
    table.bigInteger('reviewed_at');
    table.text('reviewer_person');
    table.text('reviewer_id');
    table.text('reviewer_name');
    table.text('review_note');
    table.text('correlation_id').notNullable().index();
    table.check(
      'ends_at > started_at and ends_at - started_at <= 3600000',
      [],
      'break_glass_an_hour_at_most',
    );
    table.check('ended_at >= started_at and ended_at <= ends_at', [], 'break_glass_end_sane');
    table.check('reviewer_person <> person and reviewer_id <> actor_id', [], 'break_glass_four_eyes');
    table.check(
      `(reviewed_at is null and reviewer_person is null and reviewer_id is null
        and reviewer_name is null and review_note is null)
      or (reviewed_at is not null and ended_at is not null and reviewer_person is not null
        and reviewer_id is not null and reviewer_name is not null and review_note is not null)`,
      [],
      'break_glass_review_whole',
    );
    table.unique(['person'], {
      indexName: 'break_glass_one_open',
      useConstraint: false,
      predicate: knex.whereNull('ended_at'),
    });
  });
  await (isSqlite(knex) ? guardOnSqlite(knex) : guardOnPostgres(knex));

  // What was done under it, for the announcement of its end and for its review.
  await knex.schema.alterTable('audit_events', (table) => {
    table.index(['break_glass'], 'audit_events_break_glass_index', {
      predicate: knex.whereNotNull('break_glass'),
    });
  });
}

/** Whatever the program believes: it is never made longer, never signed twice, and never forgotten. */
async function guardOnSqlite(knex: Knex): Promise<void> {
  await knex.raw(`
    create trigger break_glass_inserted before insert on break_glass
    when new.ended_at is not null or new.reviewed_at is not null
    begin select raise(abort, 'a break-glass begins open'); end`);
  await knex.raw(`
    create trigger break_glass_same before update on break_glass when
      new.id <> old.id or new.person <> old.person or new.actor_id <> old.actor_id or
      new.actor_name <> old.actor_name or new.reason <> old.reason or new.ticket <> old.ticket or
      new.started_at <> old.started_at or new.ends_at <> old.ends_at or new.correlation_id <> old.correlation_id
    begin select raise(abort, 'who broke the glass, why and until when cannot be rewritten'); end`);
  await knex.raw(`
    create trigger break_glass_ended_once before update on break_glass when old.ended_at is not null and (
      new.ended_at is not old.ended_at or new.ended_by is not old.ended_by or new.ended_name is not old.ended_name)
    begin select raise(abort, 'this break-glass is over already'); end`);
  await knex.raw(`
    create trigger break_glass_reviewed_once before update on break_glass when old.reviewed_at is not null and (
      new.reviewed_at is not old.reviewed_at or new.reviewer_person is not old.reviewer_person or
      new.reviewer_id is not old.reviewer_id or new.reviewer_name is not old.reviewer_name or
      new.review_note is not old.review_note)
    begin select raise(abort, 'this break-glass is reviewed already'); end`);
  await knex.raw(`
    create trigger break_glass_no_delete before delete on break_glass
    begin select raise(abort, 'break_glass is append-only'); end`);
}

async function guardOnPostgres(knex: Knex): Promise<void> {
  await knex.raw(`
    create function lucy_break_glass_guard() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.ended_at is not null or new.reviewed_at is not null then
          raise exception 'a break-glass begins open' using errcode = 'restrict_violation';
        end if;
        return new;
      end if;
      if (new.id, new.person, new.actor_id, new.actor_name, new.reason, new.ticket, new.started_at, new.ends_at,
          new.correlation_id) is distinct from (old.id, old.person, old.actor_id, old.actor_name, old.reason,
          old.ticket, old.started_at, old.ends_at, old.correlation_id) then
        raise exception 'who broke the glass, why and until when cannot be rewritten'
          using errcode = 'restrict_violation';
      end if;
      if old.ended_at is not null and (new.ended_at, new.ended_by, new.ended_name)
          is distinct from (old.ended_at, old.ended_by, old.ended_name) then
        raise exception 'this break-glass is over already' using errcode = 'restrict_violation';
      end if;
      if old.reviewed_at is not null and (new.reviewed_at, new.reviewer_person, new.reviewer_id,
          new.reviewer_name, new.review_note) is distinct from (old.reviewed_at, old.reviewer_person,
          old.reviewer_id, old.reviewer_name, old.review_note) then
        raise exception 'this break-glass is reviewed already' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`);
  await knex.raw(`
    create trigger break_glass_guard before insert or update on break_glass
    for each row execute function lucy_break_glass_guard()`);
  await knex.raw(`
    create trigger break_glass_append_only before delete or truncate on break_glass
    for each statement execute function lucy_append_only()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('audit_events', (table) => {
    table.dropIndex(['break_glass'], 'audit_events_break_glass_index');
  });
  await knex.schema.dropTable('break_glass');
  if (!isSqlite(knex)) await knex.raw('drop function lucy_break_glass_guard()');
}
