import { lowestId } from '#src/core/ids.ts';
import type { Sql } from './connection.ts';
import { customersUnderHold } from './evidence-bundles.ts';
import type { RunRow } from './runs.ts';

const ended = ['done', 'failed', 'cancelled'];

export type OldRun = Pick<RunRow, 'id' | 'plan' | 'reply' | 'correlation_id'>;

/**
 * A part of the runs behind that id that ended before, and are kept in full; none that Stripe has not confirmed, and
 * nothing of a customer under legal hold.
 *
 * @returns the last id that was looked at; null when there are no more
 */
export async function listOldRuns(
  sql: Sql,
  after: string,
  before: number,
  limit: number,
): Promise<{ last: string | null; runs: OldRun[] }> {
  const page: string[] = await sql('runs')
    .where('id', '>', after)
    .where('id', '<', lowestId('run', before))
    .orderBy('id')
    .limit(limit)
    .pluck('id');
  const last = page.length < limit ? null : (page.at(-1) ?? null);
  const open = sql('stripe_effects')
    .whereIn('run_id', page)
    .whereNotIn('state', ['confirmed', 'failed', 'skipped'])
    .select('run_id');
  const runs = await sql<RunRow>('runs')
    .whereIn('id', page)
    .whereIn('state', ended)
    .whereNotNull('basis')
    .where((its) => its.whereNull('done_at').orWhere('done_at', '<', before))
    .whereNotIn('id', open)
    .where((its) => its.whereNull('customer_id').orWhereNotIn('customer_id', customersUnderHold(sql)))
    .select('id', 'plan', 'reply', 'correlation_id');
  return { last, runs };
}

/** Keeps the run with less: what it rested on and where in Slack it was asked are of no use any more. */
export async function shortenRun(
  sql: Sql,
  id: string,
  kept: { plan: string | null; reply: string | null },
): Promise<void> {
  await sql('runs')
    .where({ id })
    .whereIn('state', ended)
    .update({ ...kept, basis: null, origin: null });
}
