import type { Sql } from '#db/connection.ts';
import type { ReconcileRunRow } from '#db/reconcile-runs.ts';
import { totalShards } from '#db/reconcile-shards.ts';
import { countSuspects } from '#db/reconcile-suspects.ts';
import { SECOND_MS, spanWords } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';

/** How far a run is. */
export type ReconcileProgress = {
  pages: number;
  /** Subscriptions at Stripe that were compared. */
  seen: number;
  /** How many there will be, as far as Lucy can know. */
  expected: number;
  /** A second. */
  rate: number;
  /** Null when nothing can be said yet. */
  leftMs: number | null;
  /** Customers whose data looked different: still to be looked at, and all. */
  suspects: { open: number; all: number };
};

export async function readProgress(sql: Sql, run: ReconcileRunRow): Promise<ReconcileProgress> {
  const { pages } = await totalShards(sql, run.id);
  // Of a run that ended long ago only the number is kept.
  const isKept = run.ended_at === null || pages > 0;
  const seen = isKept ? (await totalShards(sql, run.id, 'subscriptions')).seen : run.expected;
  const suspects = await countSuspects(sql, run.id);
  const elapsedMs = Math.max((run.ended_at ?? run.progress_at) - run.started_at, 1);
  const rate = (seen * SECOND_MS) / Math.max(elapsedMs, SECOND_MS);
  const expected = Math.max(run.expected, seen);
  const leftMs = seen > 0 && rate > 0 ? ((expected - seen) / rate) * SECOND_MS : null;
  return { pages, seen, expected, rate, leftMs, suspects };
}

/** `1,200 of about 5,000 subscriptions, 150 a second, about 26 seconds left`. */
export function progressWords({ seen, expected, rate, leftMs, suspects }: ReconcileProgress): string {
  if (seen >= expected && suspects.open > 0)
    return `${counted(seen, 'subscription')} compared; ${counted(suspects.open, 'customer')} looked different and ${suspects.open === 1 ? 'is' : 'are'} looked at closely`;
  const parts = [
    expected > seen
      ? `${seen.toLocaleString('en-US')} of about ${counted(expected, 'subscription')}`
      : counted(seen, 'subscription'),
    `${Math.round(rate).toLocaleString('en-US')} a second`,
  ];
  if (leftMs !== null && expected > seen) parts.push(`about ${spanWords(Math.max(leftMs, SECOND_MS))} left`);
  return parts.join(', ');
}
