import type { Sql } from '#db/connection.ts';
import { insertReconcileFindings, noteFoundAgain, type ReconcileFindingRow } from '#db/reconcile-findings.ts';
import type { ReconcileRunRow } from '#db/reconcile-runs.ts';
import { findSuspect, putSuspects, reopenSuspect } from '#db/reconcile-suspects.ts';
import { newId } from '#src/core/ids.ts';
import { mergeHints, type Suspicion } from './compare-page.ts';
import { type Found, type Hint, kindWords, parseKinds } from './kinds.ts';

/** Whom to look at closely; what several pages say of one customer is looked at together. */
export async function keepSuspects(
  sql: Sql,
  runId: string,
  suspicions: readonly Suspicion[],
  now: number,
): Promise<void> {
  await putSuspects(
    sql,
    suspicions.map(({ subject, hint }) => ({
      run_id: runId,
      subject,
      hint: hint && JSON.stringify(hint),
      found_at: now,
    })),
  );
  for (const { subject, hint } of suspicions) {
    if (!hint) continue;
    const kept = await findSuspect(sql, runId, subject);
    const known = readHint(kept?.hint ?? null);
    if (!kept || isWithin(hint, known)) continue;
    await reopenSuspect(sql, { run_id: runId, subject }, JSON.stringify(mergeHints(known, hint)));
  }
}

export function readHint(kept: string | null): Hint | null {
  return kept === null ? null : (JSON.parse(kept) as Hint);
}

function isWithin(hint: Hint, known: Hint | null): boolean {
  if (hint.unlinked && !known?.unlinked) return false;
  return (hint.payments ?? []).every((wanted) => known?.payments?.some(({ id }) => id === wanted.id));
}

/**
 * Writes findings down, those of the kinds that were asked for and what could not be read; each once. What only informs
 * is told by one night, and counted by those that follow.
 */
export async function keepFindings(
  sql: Sql,
  run: ReconcileRunRow,
  found: readonly Found[],
  now: number,
): Promise<void> {
  const kinds = parseKinds(run.kinds);
  const isNightly = run.run_id === null;
  for (const item of found) {
    if (!kinds.includes(item.kind) && item.kind !== 'unreadable') continue;
    const row = rowOf(run, item, now);
    const isKnown = isNightly && !kindWords[item.kind].canApply && (await noteFoundAgain(sql, row));
    if (!isKnown) await insertReconcileFindings(sql, [row]);
  }
}

function rowOf(run: ReconcileRunRow, item: Found, now: number): ReconcileFindingRow {
  return {
    id: newId('rcf', now),
    run_id: run.id,
    kind: item.kind,
    subject: item.subject,
    customer_id: item.customerId,
    stripe_customer_id: item.stripeCustomerId,
    evidence: JSON.stringify({ stripe: item.stripe, lucy: item.lucy, session: item.session ?? null }),
    action: item.action,
    state: item.isAmbiguous ? 'ambiguous' : 'open',
    outcome: null,
    apply_run: null,
    attempts: 0,
    next_attempt_at: 0,
    lease_token: null,
    lease_until: 0,
    asked: null,
    again_run: null,
    found_at: now,
    settled_at: null,
  };
}
