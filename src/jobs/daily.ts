import { deleteBulksBefore } from '#db/bulk-refreshes.ts';
import type { Sql } from '#db/connection.ts';
import { deleteFilesBefore } from '#db/files.ts';
import { deletePolicyUsageBefore } from '#db/policy-usage.ts';
import { deleteReconcileRunsBefore } from '#db/reconcile-findings.ts';
import { deleteReconcilePlacesBefore } from '#db/reconcile-shards.ts';
import { deleteRendersBefore } from '#db/renders.ts';
import { deleteUnconfirmedRunsBefore } from '#db/runs.ts';
import { deleteSlackDeliveriesBefore } from '#db/slack-deliveries.ts';
import { setTimer, setTimerIfNew, type TimerKind, type TimerRow } from '#db/timers.ts';
import { deleteRejectsBefore } from '#db/webhook-rejects.ts';
import { deleteReplaysBefore } from '#db/webhook-replays.ts';
import { deleteResendsBefore } from '#db/webhook-resends.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { dayOf } from '#src/policy/usage.ts';
import { askForProof } from './ledger-proof.ts';

type DailyKind = Extract<TimerKind, 'ledger_proof' | 'cleanup'>;

/** What recurs every day, and when after midnight UTC. */
const daily: readonly { kind: DailyKind; at: number; run(sql: Sql, cause: Cause): Promise<unknown> }[] = [
  // Balance = entries = lots, for every account; a difference is a finding for on-call.
  { kind: 'ledger_proof', at: 2 * HOUR_MS, run: askForProof },
  // Slack's last redelivery comes minutes later, so a day of dedupe keys is plenty.
  { kind: 'cleanup', at: 3 * HOUR_MS, run: cleanUp },
];

async function cleanUp(sql: Sql, cause: Cause): Promise<void> {
  await deleteSlackDeliveriesBefore(sql, cause.now - DAY_MS);
  await deleteUnconfirmedRunsBefore(sql, cause.now - 7 * DAY_MS);
  await deleteRejectsBefore(sql, cause.now - 30 * DAY_MS);
  // Who asked for them stands in the audit; the rows are for their cards.
  await deleteReplaysBefore(sql, cause.now - 90 * DAY_MS);
  await deleteResendsBefore(sql, cause.now - 90 * DAY_MS);
  await deleteBulksBefore(sql, cause.now - 30 * DAY_MS);
  // What people handed in, with its personal data; an approval that still waits for it was asked later than that.
  await deleteFilesBefore(sql, cause.now - 30 * DAY_MS);
  // Where reconciliations stood in their lists; what they found stays longer, and what was done stands in the audit.
  await deleteReconcilePlacesBefore(sql, cause.now - 30 * DAY_MS);
  await deleteReconcileRunsBefore(sql, cause.now - 90 * DAY_MS);
  // Pictures and documents that nobody fetched, with what stands in them.
  await deleteRendersBefore(sql, cause.now - HOUR_MS);
  // Limits look at today alone; what was done stands in the audit.
  await deletePolicyUsageBefore(sql, dayOf(cause.now - 7 * DAY_MS));
}

export async function scheduleDaily(sql: Sql, now: number): Promise<void> {
  for (const { kind, at } of daily) {
    await setTimerIfNew(sql, now, { kind, subject: 'daily', dueAt: nextAt(now, at) });
  }
}

export async function runDaily(sql: Sql, cause: Cause, timer: TimerRow): Promise<[]> {
  const entry = daily.find((candidate) => candidate.kind === timer.kind);
  if (!entry) return [];
  await entry.run(sql, cause);
  await setTimer(sql, cause.now, { kind: entry.kind, subject: 'daily', dueAt: nextAt(cause.now, entry.at) });
  return [];
}

function nextAt(now: number, afterMidnight: number): number {
  const today = Math.floor(now / DAY_MS) * DAY_MS + afterMidnight;
  return today > now ? today : today + DAY_MS;
}
