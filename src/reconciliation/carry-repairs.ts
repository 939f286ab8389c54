import type { Sql } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import { markDirty } from '#db/customer-sync.ts';
import { askForPayment } from '#db/payment-asks.ts';
import {
  countApplied,
  lockToApply,
  nextToApply,
  type ReconcileFindingRow,
  type ReconcileFindingState,
  updateReconcileFinding,
} from '#db/reconcile-findings.ts';
import { lockReconcileRun } from '#db/reconcile-runs.ts';
import { findRun } from '#db/runs.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import { backoffMs } from '#src/billing-events/backoff.ts';
import type { Cause } from '#src/core/cause.ts';
import { errorMessage } from '#src/core/errors.ts';
import { counted, listed } from '#src/core/text.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { noteOpenIncidents } from '#src/incidents/note.ts';
import { readEvidence, renewReconcileCard } from './card.ts';
import type { ReconcileDeps } from './deps.ts';
import { type Examined, examine } from './examine.ts';
import type { Found, Hint } from './kinds.ts';

const AT_ONCE = 20;
/** Before everything that only waits; behind what a customer waits for. */
const SYNC_PRIORITY = 3;

/** Puts right what somebody approved, one finding at a time; returns how many were decided. */
export async function carryRepairs(deps: ReconcileDeps): Promise<number> {
  for (let done = 0; done < AT_ONCE; done++) {
    const next = await nextToApply(deps.database.knex, deps.clock.now());
    if (!next) return done;
    await repairOne(deps, next);
  }
  return AT_ONCE;
}

async function repairOne(deps: ReconcileDeps, finding: ReconcileFindingRow): Promise<void> {
  try {
    const subject = finding.stripe_customer_id ?? finding.customer_id ?? finding.subject;
    const { found } = await examine(deps, subject, hintOf(finding));
    await inTransaction(deps.database, async (sql) => {
      // Exactly one of those who looked decides it.
      const held = await lockToApply(sql, finding.id);
      if (held) await decide(sql, deps, held, found);
    });
  } catch (error) {
    const asked = error instanceof StripeAway ? (error.retryAfterMs ?? 0) : 0;
    const attempts = finding.attempts + 1;
    deps.log.warn(
      { event: 'reconcile_repair_postponed', finding: finding.id, err: error },
      errorMessage(error),
    );
    await updateReconcileFinding(deps.database.knex, finding.id, {
      attempts,
      next_attempt_at: deps.clock.now() + Math.max(asked, backoffMs(attempts)),
      outcome: `Not yet: ${errorMessage(error)}`,
    });
  }
}

/** The checkout session stands in the evidence of nothing else, so a payment is looked at under both names. */
function hintOf(finding: ReconcileFindingRow): Hint | null {
  if (!finding.kind.startsWith('credits_')) return null;
  return { payments: [{ id: finding.subject, sessionId: sessionOf(finding) }] };
}

function sessionOf(finding: ReconcileFindingRow): string | null {
  const { session } = JSON.parse(finding.evidence) as { session?: string | null };
  return session ?? null;
}

async function decide(
  sql: Sql,
  deps: ReconcileDeps,
  finding: ReconcileFindingRow,
  found: Examined['found'],
): Promise<void> {
  const now = deps.clock.now();
  const still = found.find(({ kind, subject }) => kind === finding.kind && subject === finding.subject);
  const links = finding.customer_id ? await listLinks(sql, finding.customer_id) : [];
  const customers = links.map((link) => link.stripe_customer_id);
  const { state, outcome } = rule(still, customers);
  if (state === 'applied') {
    for (const id of customers) await markDirty(sql, id, SYNC_PRIORITY);
    if (finding.kind.startsWith('credits_'))
      await askForPayment(sql, {
        payment_id: finding.subject,
        stripe_customer_id: customers[0] ?? '',
        session_id: sessionOf(finding),
        asked_at: now,
      });
  }
  await updateReconcileFinding(sql, finding.id, { state, outcome, settled_at: now });
  await tell(sql, now, finding, state, outcome);
}

/** What Stripe says at this very moment decides, not what the run saw. */
function rule(
  still: Found | undefined,
  customers: readonly string[],
): { state: ReconcileFindingState; outcome: string } {
  if (!still) return { state: 'gone', outcome: 'Both sides agree by now, so nothing was done.' };
  if (customers.length === 0)
    return {
      state: 'refused',
      outcome: 'The customer is linked to no Stripe customer; link one, or use tier reset.',
    };
  if (still.isAmbiguous)
    return { state: 'refused', outcome: `It became ambiguous, so a person decides. ${still.action}` };
  return { state: 'applied', outcome: still.action };
}

/** One audit row for each; and when the last one is decided, the card and the open incidents say so. */
async function tell(
  sql: Sql,
  now: number,
  finding: ReconcileFindingRow,
  state: ReconcileFindingState,
  outcome: string,
): Promise<void> {
  const asked = finding.apply_run ? await findRun(sql, finding.apply_run) : undefined;
  const run = await lockReconcileRun(sql, finding.run_id);
  if (!run || !asked) return;
  const cause: Cause = {
    actor: {
      kind: 'staff',
      id: asked.actor_id,
      name: asked.actor_name,
      person: asked.person,
      roles: [],
      refusal: null,
    },
    surface: 'job',
    correlationId: asked.correlation_id,
    reason: asked.reason,
    ticket: asked.ticket,
    runId: asked.id,
    now,
  };
  await recordAudit(sql, cause, {
    command: 'reconcile apply',
    outcome: state === 'refused' ? 'refused' : 'done',
    customerId: finding.customer_id,
    input: {
      reconciliation: finding.run_id,
      finding: finding.id,
      kind: finding.kind,
      subject: finding.subject,
    },
    before: readEvidence(finding.evidence),
    after: { state, outcome },
  });
  const counts = await countApplied(sql, asked.id);
  if ((counts.open ?? 0) > 0) return;
  const words = [
    counts.applied ? `${counted(counts.applied, 'difference')} put right` : null,
    counts.gone ? `${counts.gone} right by then` : null,
    counts.refused ? `${counts.refused} refused` : null,
  ].filter((part) => part !== null);
  await noteOpenIncidents(sql, cause, {
    kind: 'reconciliation',
    text: `${asked.actor_name}’s reconcile apply of ${finding.run_id} ended: ${listed(words)}.`,
    line: `reconcile show ${finding.run_id}`,
    dedupeKey: `reconcile:${asked.id}`,
  });
  await renewReconcileCard(sql, cause, finding.run_id);
}
