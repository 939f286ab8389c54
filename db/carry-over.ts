import { copyApproval, copyRows } from './after-restore.ts';
import type { BreakGlassRow } from './break-glass.ts';
import type { Sql } from './connection.ts';
import type { CustomerLockRow } from './customer-locks.ts';
import type { StripeEffectRow } from './stripe-effects.ts';
import type { TimerKind } from './timers.ts';

/** Rows in one statement: few enough for its parameters on both engines. */
const AT_ONCE = 100;

/** Rows that only ever grow: those that the restored database does not have. */
async function copyMissing(
  live: Sql,
  sql: Sql,
  table: string,
  where: Record<string, unknown>,
): Promise<void> {
  const rows: Record<string, unknown>[] = await live(table).where(where);
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await sql(table)
      .insert(rows.slice(from, from + AT_ONCE))
      .onConflict()
      .ignore();
}

/** Rows that change, in an order in which no two of them are ever open at once; as they stand now. */
async function copyChanged(live: Sql, sql: Sql, table: string, key: string, order: string): Promise<void> {
  const rows: Record<string, unknown>[] = await live(table).orderBy(order);
  for (const row of rows) {
    const known = await sql(table)
      .where({ [key]: row[key] })
      .update(row);
    if (known === 0) await sql(table).insert(row).onConflict().ignore();
  }
}

/** These kinds of timers are due when the living database says so. */
export async function copyTimers(live: Sql, sql: Sql, kinds: readonly TimerKind[]): Promise<void> {
  await sql('timers')
    .whereIn('kind', [...kinds])
    .delete();
  const timers: Record<string, unknown>[] = await live('timers').whereIn('kind', [...kinds]);
  for (const timer of timers) await sql('timers').insert(timer).onConflict(['kind', 'subject']).merge();
}

/** Where these cards stand and what they should show, so that they are edited and not posted anew. */
async function copyCards(live: Sql, sql: Sql, prefix: string): Promise<void> {
  const cards: Record<string, unknown>[] = await live('cards').where('key', 'like', `${prefix}:%`);
  for (const card of cards) await sql('cards').insert(card).onConflict('key').merge();
}

/**
 * The incident during which somebody restores goes on: with its room, its clock, what customers were told, the alerts, the
 * releases that may have caused it, and the postmortem that is owed.
 */
export async function copyIncidents(live: Sql, sql: Sql): Promise<void> {
  await freeNumbers(live, sql);
  await copyChanged(live, sql, 'drills', 'id', 'started_at');
  await copyChanged(live, sql, 'incidents', 'id', 'number');
  await copyChanged(live, sql, 'incident_rooms', 'incident_id', 'incident_id');
  await copyChanged(live, sql, 'postmortems', 'incident_id', 'created_at');
  await copyChanged(live, sql, 'postmortem_actions', 'id', 'created_at');
  await copyChanged(live, sql, 'health_probes', 'id', 'id');
  await copyChanged(live, sql, 'health_alerts', 'id', 'opened_at');
  await copyChanged(live, sql, 'releases', 'id', 'deployed_at');
  for (const table of ['incident_entries', 'incident_updates']) await copyMissing(live, sql, table, {});
  for (const run of await listNewRollbackRuns(live, sql)) await copyRun(live, sql, run);
  await copyChanged(live, sql, 'rollbacks', 'id', 'created_at');
  for (const prefix of ['incident', 'incident-room', 'incident-ask', 'drill', 'alert'])
    await copyCards(live, sql, prefix);
}

/** A number that means another incident by now: the living one keeps it. */
async function freeNumbers(live: Sql, sql: Sql): Promise<void> {
  const living: { id: string; number: number }[] = await live('incidents').select('id', 'number');
  const ids = new Map(living.map(({ id, number }) => [number, id]));
  const known: { id: string; number: number }[] = await sql('incidents').select('id', 'number');
  let next = Math.max(0, ...[...living, ...known].map(({ number }) => number));
  for (const { id, number } of known)
    if ((ids.get(number) ?? id) !== id) await sql('incidents').where({ id }).update({ number: ++next });
}

async function listNewRollbackRuns(live: Sql, sql: Sql): Promise<string[]> {
  const ended = new Set(await sql('rollbacks').whereIn('state', ['confirmed', 'sent']).pluck('run_id'));
  const runs: string[] = await live('rollbacks').pluck('run_id');
  return runs.filter((id) => !ended.has(id));
}

/** A run as it stands now, with who said yes to it, and its audit. */
async function copyRun(live: Sql, sql: Sql, runId: string): Promise<void> {
  await copyRows(live, sql, 'runs', { id: runId }, ['id']);
  await copyApproval(live, sql, runId);
  await copyMissing(live, sql, 'audit_events', { run_id: runId });
}

/**
 * Whoever broke the glass still owes its review, also when they broke it to restore. With what was done under it, in the
 * audit: the chain’s order is that of its sealing, so these rows are sealed after those of the backup.
 */
export async function copyGlasses(live: Sql, sql: Sql, since: number): Promise<void> {
  const glasses: BreakGlassRow[] = await live<BreakGlassRow>('break_glass')
    .where((owed) => owed.whereNull('reviewed_at').orWhere('reviewed_at', '>=', since))
    .orderBy('started_at');
  for (const glass of glasses) {
    // A guard lets none begin otherwise than open.
    const open = { ...glass, ended_at: null, ended_by: null, ended_name: null, ...unsigned };
    await sql('break_glass').insert(open).onConflict('id').ignore();
    const { ended_at, ended_by, ended_name } = glass;
    if (ended_at !== null)
      await sql('break_glass')
        .where({ id: glass.id })
        .whereNull('ended_at')
        .update({ ended_at, ended_by, ended_name });
    if (glass.reviewed_at !== null)
      await sql('break_glass').where({ id: glass.id }).whereNull('reviewed_at').update(signatureOf(glass));
    await copyMissing(live, sql, 'audit_events', { break_glass: glass.id });
    await copyMissing(live, sql, 'audit_events', { correlation_id: glass.correlation_id });
  }
}

const unsigned = {
  reviewed_at: null,
  reviewer_person: null,
  reviewer_id: null,
  reviewer_name: null,
  review_note: null,
};

function signatureOf(glass: BreakGlassRow): Partial<BreakGlassRow> {
  const { reviewed_at, reviewer_person, reviewer_id, reviewer_name, review_note } = glass;
  return { reviewed_at, reviewer_person, reviewer_id, reviewer_name, review_note };
}

const unsent = ['queued', 'sending', 'unknown'];
const answers = ['close_dispute', 'submit_evidence'];

/**
 * What was approved to be done at Stripe after the backup, with its runs and approvals: none of it vanishes unseen. One that
 * Stripe has is followed on; one that is still open is held by the caller, like those of the backup.
 */
export async function copyEffects(live: Sql, sql: Sql, since: number): Promise<void> {
  await settleKnown(live, sql);
  const rows: StripeEffectRow[] = await live<StripeEffectRow>('stripe_effects')
    .where('created_at', '>=', since)
    .orderBy(['created_at', 'run_id', 'seq']);
  const copied = new Set<string>();
  for (const row of rows) {
    if (await sql('stripe_effects').where({ id: row.id }).first('id')) continue;
    if (!copied.has(row.run_id)) await copyRun(live, sql, row.run_id);
    copied.add(row.run_id);
    // A guard lets none begin otherwise than queued.
    await sql('stripe_effects').insert({ ...row, state: 'queued', lease_token: null, lease_until: null });
    if (row.state !== 'queued')
      await sql('stripe_effects').where({ id: row.id }).update({ state: row.state });
  }
  for (const run of copied) {
    await copyMissing(live, sql, 'evidence_documents', { run_id: run });
    await copyDecision(live, sql, run);
  }
}

/** The dispute that a run answered, so that nobody is asked for another answer. */
async function copyDecision(live: Sql, sql: Sql, runId: string): Promise<void> {
  const columns = ['id', 'decision', 'decided_run', 'decided_by', 'decided_at'];
  const decided: { id: string }[] = await live('disputes').where({ decided_run: runId }).select(columns);
  for (const { id, ...decision } of decided) await sql('disputes').where({ id }).update(decision);
}

/** What came to nothing since is not to be sent once more; of an answer to a dispute there is one on its way at most. */
async function settleKnown(live: Sql, sql: Sql): Promise<void> {
  const open: string[] = await sql('stripe_effects').whereIn('state', unsent).pluck('id');
  for (const id of open) {
    const now: StripeEffectRow | undefined = await live<StripeEffectRow>('stripe_effects')
      .where({ id })
      .first();
    if (!now || unsent.includes(now.state)) continue;
    if (now.state !== 'failed' && now.state !== 'skipped' && !answers.includes(now.kind)) continue;
    await copyRun(live, sql, now.run_id);
    await sql('stripe_effects')
      .where({ id })
      .update({ ...now, lease_token: null, lease_until: null });
  }
}

/** Whoever was locked for fraud stays locked, as far as they are known. Returns the locks that are new. */
export async function copyLocks(live: Sql, sql: Sql): Promise<CustomerLockRow[]> {
  const locks: CustomerLockRow[] = await live<CustomerLockRow>('customer_locks')
    .whereNull('ended_at')
    .orderBy('locked_at');
  const copied: CustomerLockRow[] = [];
  for (const lock of locks) {
    if (!(await sql('customers').where({ id: lock.customer_id }).first('id'))) continue;
    const held = await sql('customer_locks')
      .where({ customer_id: lock.customer_id })
      .whereNull('ended_at')
      .first('id');
    if (held) continue;
    await sql('customer_locks').insert(lock);
    copied.push(lock);
  }
  return copied;
}
