import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

export async function up(knex: Knex): Promise<void> {
  // A customer who is kept out because of fraud, whatever they pay. Only staff begin it, and only staff end it.
  await knex.schema.createTable('customer_locks', (table) => {
    table.text('id').primary();
    table.text('customer_id').notNullable().references('customers.id');
    table.text('reason').notNullable();
    table.text('ticket');
    table.text('actor').notNullable();
    table.text('actor_name').notNullable();
    table.text('correlation_id').notNullable().index();
    table.bigInteger('locked_at').notNullable();
    table.bigInteger('ended_at');
    table.text('ended_by');
    table.text('ended_name');
    table.text('ended_reason');
    table.check(
      `(ended_at is null and ended_by is null and ended_name is null and ended_reason is null)
      or (ended_at is not null and ended_at >= locked_at and ended_by is not null and ended_name is not null
        and ended_reason is not null)`,
      [],
      'customer_locks_end_whole',
    );
    table.index(['customer_id', 'locked_at']);
    table.unique(['customer_id'], {
      indexName: 'customer_locks_one_open',
      useConstraint: false,
      predicate: knex.whereNull('ended_at'),
    });
  });
  await (isSqlite(knex) ? guardOnSqlite(knex) : guardOnPostgres(knex));

  // What was asked and done for one customer, for a timeline.
  for (const name of ['approvals', 'stripe_effects'])
    await knex.schema.alterTable(name, (table) => table.index(['customer_id', 'created_at']));
}

/** Whatever the program believes: who locked whom and why stays, an end is written once, and nothing is forgotten. */
async function guardOnSqlite(knex: Knex): Promise<void> {
  await knex.raw(`
    create trigger customer_locks_inserted before insert on customer_locks when new.ended_at is not null
    begin select raise(abort, 'a lock begins open'); end`);
  await knex.raw(`
    create trigger customer_locks_same before update on customer_locks when
      old.ended_at is not null or new.id <> old.id or new.customer_id <> old.customer_id or
      new.reason <> old.reason or new.ticket is not old.ticket or new.actor <> old.actor or
      new.actor_name <> old.actor_name or new.correlation_id <> old.correlation_id or
      new.locked_at <> old.locked_at
    begin select raise(abort, 'who locked a customer, when and why, and its end cannot be rewritten'); end`);
  await knex.raw(`
    create trigger customer_locks_no_delete before delete on customer_locks
    begin select raise(abort, 'customer_locks is append-only'); end`);
}

async function guardOnPostgres(knex: Knex): Promise<void> {
  await knex.raw(`
    create function lucy_customer_locks_guard() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.ended_at is not null then
          raise exception 'a lock begins open' using errcode = 'restrict_violation';
        end if;
        return new;
      end if;
      if old.ended_at is not null or (new.id, new.customer_id, new.reason, new.ticket, new.actor, new.actor_name,
          new.correlation_id, new.locked_at) is distinct from (old.id, old.customer_id, old.reason, old.ticket,
          old.actor, old.actor_name, old.correlation_id, old.locked_at) then
        raise exception 'who locked a customer, when and why, and its end cannot be rewritten'
          using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`);
  await knex.raw(`
    create trigger customer_locks_guard before insert or update on customer_locks
    for each row execute function lucy_customer_locks_guard()`);
  await knex.raw(`
    create trigger customer_locks_append_only before delete or truncate on customer_locks
    for each statement execute function lucy_append_only()`);
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['approvals', 'stripe_effects'])
    await knex.schema.alterTable(name, (table) => table.dropIndex(['customer_id', 'created_at']));
  await knex.schema.dropTable('customer_locks');
  if (!isSqlite(knex)) await knex.raw('drop function lucy_customer_locks_guard()');
}
