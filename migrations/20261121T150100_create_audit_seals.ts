import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

/** What `audit search` asks by; `(customer_id, at)` and `(person, at)` are there since the first migration. */
const searched = [['at', 'id'], ...['command', 'ticket', 'outcome'].map((name) => [name, 'at', 'id'])];

export async function up(knex: Knex): Promise<void> {
  // The order of the chain is `seq`, not the audit id: a row may commit after one with a younger id was sealed.
  await knex.schema.createTable('audit_seals', (table) => {
    table.bigInteger('seq').primary();
    table.text('audit_id').notNullable().unique();
    table.text('hash').notNullable();
    table.bigInteger('sealed_at').notNullable();
  });

  // What the sealer has still to seal, put in by a trigger: exact however late a row commits, and found without
  // a scan however many rows there are.
  await knex.schema.createTable('audit_unsealed', (table) => {
    table.text('audit_id').primary();
  });

  // One row. Whoever holds it appends; it also says how far the chain must reach, so that a cut tail is noticed.
  await knex.schema.createTable('audit_chain', (table) => {
    table.integer('id').primary().checkBetween([1, 1]);
    table.bigInteger('head_seq').notNullable();
    table.text('head_hash').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.bigInteger('proof_due_at').notNullable();
  });
  await knex('audit_chain').insert({
    id: 1,
    head_seq: 0,
    head_hash: 'lucy-audit',
    updated_at: 0,
    proof_due_at: 0,
  });

  // What was told outside of the database, where nobody here can take it back.
  await knex.schema.createTable('audit_anchors', (table) => {
    // `log`, or a channel of the config.
    table.text('told').notNullable();
    table.bigInteger('seq').notNullable();
    table.text('hash').notNullable();
    table.bigInteger('at').notNullable();
    table.primary(['told', 'seq']);
  });

  await knex('audit_unsealed').insert(knex('audit_events').select('id'));
  await (isSqlite(knex) ? guardOnSqlite(knex) : guardOnPostgres(knex));

  await knex.schema.alterTable('audit_events', (table) => {
    for (const columns of searched) table.index(columns);
  });
  await knex.raw('create index audit_events_actor_name on audit_events (lower(actor_name), at, id)');
}

async function guardOnSqlite(knex: Knex): Promise<void> {
  for (const name of ['audit_seals', 'audit_anchors']) {
    for (const act of ['update', 'delete']) {
      await knex.raw(`
        create trigger ${name}_no_${act} before ${act} on ${name}
        begin select raise(abort, '${name} is append-only'); end`);
    }
  }
  await knex.raw(`
    create trigger audit_events_to_seal after insert on audit_events
    begin insert into audit_unsealed (audit_id) values (new.id); end`);
  await knex.raw(`
    create trigger audit_unsealed_no_update before update on audit_unsealed
    begin select raise(abort, 'audit_unsealed holds what is to be sealed'); end`);
  await knex.raw(`
    create trigger audit_unsealed_once_sealed before delete on audit_unsealed
    when not exists (select 1 from audit_seals where audit_id = old.audit_id)
    begin select raise(abort, 'an audit row is forgotten only when it is sealed'); end`);
  await knex.raw(`
    create trigger audit_chain_forward before update on audit_chain when new.head_seq < old.head_seq
    begin select raise(abort, 'the audit chain only grows'); end`);
  await knex.raw(`
    create trigger audit_chain_stays before delete on audit_chain
    begin select raise(abort, 'the audit chain only grows'); end`);
}

async function guardOnPostgres(knex: Knex): Promise<void> {
  for (const name of ['audit_seals', 'audit_anchors']) {
    await knex.raw(`
      create trigger ${name}_append_only before update or delete or truncate on ${name}
      for each statement execute function lucy_append_only()`);
  }
  await knex.raw(`
    create function lucy_audit_to_seal() returns trigger language plpgsql as $$
    begin insert into audit_unsealed (audit_id) values (new.id); return null; end $$`);
  await knex.raw(`
    create trigger audit_events_to_seal after insert on audit_events
    for each row execute function lucy_audit_to_seal()`);
  await knex.raw(`
    create function lucy_audit_once_sealed() returns trigger language plpgsql as $$
    begin
      if not exists (select 1 from audit_seals where audit_id = old.audit_id) then
        raise exception 'an audit row is forgotten only when it is sealed' using errcode = 'restrict_violation';
      end if;
      return old;
    end $$`);
  await knex.raw(`
    create trigger audit_unsealed_once_sealed before delete on audit_unsealed
    for each row execute function lucy_audit_once_sealed()`);
  await knex.raw(`
    create trigger audit_unsealed_append_only before update or truncate on audit_unsealed
    for each statement execute function lucy_append_only()`);
  await knex.raw(`
    create function lucy_audit_chain_grows() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and new.head_seq >= old.head_seq then return new; end if;
      raise exception 'the audit chain only grows' using errcode = 'restrict_violation';
    end $$`);
  await knex.raw(`
    create trigger audit_chain_grows before update or delete on audit_chain
    for each row execute function lucy_audit_chain_grows()`);
  await knex.raw(`
    create trigger audit_chain_append_only before truncate on audit_chain
    for each statement execute function lucy_append_only()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index audit_events_actor_name');
  await knex.schema.alterTable('audit_events', (table) => {
    for (const columns of searched) table.dropIndex(columns);
  });
  await knex.raw(
    isSqlite(knex)
      ? 'drop trigger audit_events_to_seal'
      : 'drop trigger audit_events_to_seal on audit_events',
  );
  for (const name of ['audit_anchors', 'audit_chain', 'audit_unsealed', 'audit_seals'])
    await knex.schema.dropTable(name);
  if (isSqlite(knex)) return;
  for (const name of ['lucy_audit_to_seal', 'lucy_audit_once_sealed', 'lucy_audit_chain_grows'])
    await knex.raw('drop function ??()', [name]);
}
