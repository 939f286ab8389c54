import type { Knex } from 'knex';

const isSqlite = (knex: Knex) => knex.client.dialect === 'sqlite3';

const runStates = ['draft', 'planned', 'waiting', 'carrying', 'done', 'cancelled', 'failed'];
const formerRunStates = ['draft', 'planned', 'done', 'cancelled'];

export async function up(knex: Knex): Promise<void> {
  await setRunStates(knex, runStates);

  // A run that needs somebody else's yes. What was asked stands in the run; this is who may answer, and who did.
  await knex.schema.createTable('approvals', (table) => {
    table.text('id').primary();
    table.text('run_id').notNullable().unique();
    table.text('state').notNullable().checkIn(['pending', 'approved', 'denied', 'cancelled', 'expired']);
    // Rises whenever the card says something else; a click carries the version that it was made on.
    table.integer('version').notNullable();
    // Fingerprint of the world that was asked about; a vote counts for this one only.
    table.text('basis').notNullable();
    table.text('command').notNullable();
    table.text('customer_id');
    table.text('requester_person').notNullable();
    table.text('requester_id').notNullable();
    table.text('requester_name').notNullable();
    table.text('approver_role').notNullable();
    table.integer('approvers_needed').notNullable();
    // Why policy asks for it, as a sentence.
    table.text('why').notNullable();
    // A channel of the config.
    table.text('channel').notNullable();
    table.text('decided_person');
    table.text('decided_id');
    table.text('decided_name');
    table.bigInteger('decided_at');
    table.text('decision_reason');
    // What moved since it was asked, as JSON text, when it had to be asked anew.
    table.text('moved');
    table.integer('reminders').notNullable().defaultTo(0);
    table.bigInteger('escalated_at');
    table.bigInteger('expires_at').notNullable();
    table.text('correlation_id').notNullable().index();
    table.bigInteger('asked_at').notNullable();
    table.bigInteger('created_at').notNullable();
    table.index(['state', 'created_at']);
    table.index(['requester_person', 'created_at']);
  });

  await knex.schema.createTable('approval_votes', (table) => {
    table.text('approval_id').notNullable().references('approvals.id');
    table.text('person').notNullable();
    table.text('basis').notNullable();
    table.text('actor_id').notNullable();
    table.text('actor_name').notNullable();
    table.text('surface').notNullable();
    table.bigInteger('at').notNullable();
    table.primary(['approval_id', 'person', 'basis']);
  });
  await (isSqlite(knex) ? guardOnSqlite(knex) : guardOnPostgres(knex));

  // A message that is edited in place: what it shows is always made from the rows, never from what it showed before.
  await knex.schema.createTable('cards', (table) => {
    // `approval:apr_…`
    table.text('key').primary();
    table.text('target').notNullable();
    table.text('channel');
    table.text('ts');
    table.integer('wanted_version').notNullable();
    table.integer('shown_version').notNullable().defaultTo(0);
    table.bigInteger('shown_at');
  });
  await knex.schema.alterTable('outbox', (table) => {
    // This message is the card, whatever it shows by then; or a reply in the card's thread.
    table.text('card_key');
    table.text('thread_of');
  });

  await knex.schema.alterTable('audit_events', (table) => {
    table.text('approval_id');
    // JSON text: who said yes, and when.
    table.text('approved_by');
    table.text('break_glass');
  });
}

/** Whatever the program believes: nobody answers their own request, nothing is decided twice or without its votes. */
async function guardOnSqlite(knex: Knex): Promise<void> {
  await knex.raw(`
    create trigger approval_votes_four_eyes before insert on approval_votes
    when exists (select 1 from approvals where id = new.approval_id
      and (requester_person = new.person or requester_id = new.actor_id))
    begin select raise(abort, 'nobody approves their own request'); end`);
  await knex.raw(`
    create trigger approval_votes_no_update before update on approval_votes
    begin select raise(abort, 'approval_votes is append-only'); end`);
  await knex.raw(`
    create trigger approval_votes_no_delete before delete on approval_votes
    begin select raise(abort, 'approval_votes is append-only'); end`);
  await knex.raw(`
    create trigger approvals_no_delete before delete on approvals
    begin select raise(abort, 'approvals is append-only'); end`);
  await knex.raw(`
    create trigger approvals_inserted before insert on approvals when new.state <> 'pending'
    begin select raise(abort, 'an approval begins pending'); end`);
  await knex.raw(`
    create trigger approvals_final before update on approvals when old.state <> 'pending' and (
      new.state <> old.state or new.basis <> old.basis or new.decided_person is not old.decided_person or
      new.decided_id is not old.decided_id or new.decided_name is not old.decided_name or
      new.decided_at is not old.decided_at or new.decision_reason is not old.decision_reason)
    begin select raise(abort, 'this approval is decided already'); end`);
  await knex.raw(`
    create trigger approvals_same before update on approvals when
      new.requester_person <> old.requester_person or new.run_id <> old.run_id or
      new.requester_id <> old.requester_id or new.requester_name <> old.requester_name or
      new.command <> old.command or new.expires_at <> old.expires_at or
      new.approvers_needed < old.approvers_needed or new.approver_role <> old.approver_role
    begin select raise(abort, 'who asked and who must answer cannot be rewritten'); end`);
  await knex.raw(`
    create trigger approvals_four_eyes before update on approvals
    when new.state in ('approved', 'denied') and
      (new.decided_person is null or new.decided_person = new.requester_person or
       new.decided_id = new.requester_id)
    begin select raise(abort, 'nobody decides their own request'); end`);
  await knex.raw(`
    create trigger approvals_votes before update on approvals
    when new.state = 'approved' and new.approvers_needed > (
      select count(*) from approval_votes where approval_id = new.id and basis = new.basis)
    begin select raise(abort, 'not enough people approved this'); end`);
}

async function guardOnPostgres(knex: Knex): Promise<void> {
  await knex.raw(`
    create function lucy_four_eyes_vote() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from approvals where id = new.approval_id
          and (requester_person = new.person or requester_id = new.actor_id)) then
        raise exception 'nobody approves their own request' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`);
  await knex.raw(`
    create trigger approval_votes_four_eyes before insert on approval_votes
    for each row execute function lucy_four_eyes_vote()`);
  await knex.raw(`
    create trigger approval_votes_append_only before update or delete or truncate on approval_votes
    for each statement execute function lucy_append_only()`);
  await knex.raw(`
    create function lucy_approval_guard() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.state <> 'pending' then
          raise exception 'an approval begins pending' using errcode = 'restrict_violation';
        end if;
        return new;
      end if;
      if old.state <> 'pending' and (new.state <> old.state or new.basis <> old.basis
          or new.decided_person is distinct from old.decided_person
          or new.decided_id is distinct from old.decided_id
          or new.decided_name is distinct from old.decided_name
          or new.decided_at is distinct from old.decided_at
          or new.decision_reason is distinct from old.decision_reason) then
        raise exception 'this approval is decided already' using errcode = 'restrict_violation';
      end if;
      if new.requester_person <> old.requester_person or new.run_id <> old.run_id
          or new.requester_id <> old.requester_id or new.requester_name <> old.requester_name
          or new.command <> old.command or new.expires_at <> old.expires_at
          or new.approvers_needed < old.approvers_needed or new.approver_role <> old.approver_role then
        raise exception 'who asked and who must answer cannot be rewritten' using errcode = 'restrict_violation';
      end if;
      if new.state in ('approved', 'denied')
          and (new.decided_person is null or new.decided_person = new.requester_person
            or new.decided_id = new.requester_id) then
        raise exception 'nobody decides their own request' using errcode = 'restrict_violation';
      end if;
      if new.state = 'approved' and new.approvers_needed > (
          select count(*) from approval_votes where approval_id = new.id and basis = new.basis) then
        raise exception 'not enough people approved this' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`);
  await knex.raw(`
    create trigger approvals_guard before insert or update on approvals
    for each row execute function lucy_approval_guard()`);
  await knex.raw(`
    create trigger approvals_kept before delete or truncate on approvals
    for each statement execute function lucy_append_only()`);
}

/** SQLite cannot change a check in place: the table is made anew with the same columns and indexes. */
async function setRunStates(knex: Knex, states: readonly string[]): Promise<void> {
  if (!isSqlite(knex)) {
    await knex.raw('alter table runs drop constraint if exists runs_state_check');
    // The check that the first migration made has a name of knex's own choosing.
    const checks = await knex('pg_constraint')
      .whereRaw("conrelid = 'runs'::regclass and contype = 'c'")
      .pluck('conname');
    for (const name of checks) await knex.raw('alter table runs drop constraint ??', [name]);
    await knex.schema.alterTable('runs', (table) => table.check(stateCheck(states), [], 'runs_state_check'));
    return;
  }
  const { sql } = await knex('sqlite_master').where({ type: 'table', name: 'runs' }).first('sql');
  const indexes: string[] = await knex('sqlite_master')
    .where({ type: 'index', tbl_name: 'runs' })
    .whereNotNull('sql')
    .pluck('sql');
  const renewed = String(sql)
    .replace(/create table [`"]?runs[`"]?/i, 'create table `runs_renewed`')
    .replace(/check\s*\(\s*[`"]?state[`"]?\s+in\s*\([^)]*\)\s*\)/i, `check (${stateCheck(states)})`);
  if (!renewed.includes(states.at(-1) ?? '') || !renewed.includes('runs_renewed'))
    throw new Error('The runs table is not as the first migration left it');
  await knex.raw(renewed);
  await knex.raw('insert into runs_renewed select * from runs');
  await knex.schema.dropTable('runs');
  await knex.schema.renameTable('runs_renewed', 'runs');
  for (const index of indexes) await knex.raw(index);
}

function stateCheck(states: readonly string[]): string {
  return `state in (${states.map((state) => `'${state}'`).join(', ')})`;
}

export async function down(knex: Knex): Promise<void> {
  await knex('runs').whereNotIn('state', formerRunStates).delete();
  await setRunStates(knex, formerRunStates);
  await knex.schema.alterTable('audit_events', (table) => {
    table.dropColumns('approval_id', 'approved_by', 'break_glass');
  });
  await knex.schema.alterTable('outbox', (table) => table.dropColumns('card_key', 'thread_of'));
  for (const name of ['cards', 'approval_votes', 'approvals']) await knex.schema.dropTable(name);
  if (isSqlite(knex)) return;
  for (const name of ['lucy_four_eyes_vote', 'lucy_approval_guard'])
    await knex.raw('drop function ??()', [name]);
}
