import { closeFinding, isFindingOpen } from '#db/findings.ts';
import { countAcceptedBySlot } from '#db/stripe-event-reports.ts';
import { inTransaction } from '#db/transaction.ts';
import { listRejectsSince } from '#db/webhook-rejects.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { raiseFinding } from '#src/findings/open.ts';
import { postMessage } from '#src/outbox/post.ts';
import { countRefused, diagnoseRejects } from './diagnose-rejects.ts';

export const BURST_MS = 10 * MINUTE_MS;
const KIND = 'webhook_signatures';
const SUBJECT = 'stripe';

/** Tells on-call once of a burst of refused deliveries, with what it most likely is, and once when it is over. */
export async function watchSignatures(deps: BillingDeps): Promise<void> {
  const { clock, database, settings } = deps;
  const now = clock.now();
  const rejects = await listRejectsSince(database.knex, now - BURST_MS);
  const count = countRefused(rejects);
  if (count >= settings.webhooks.refused_alert_at) {
    const accepted = await countAcceptedBySlot(database.knex, now - BURST_MS);
    const diagnosis = diagnoseRejects(rejects, accepted);
    if (!diagnosis) return;
    await inTransaction(database, (sql) =>
      raiseFinding(sql, scheduleCause(now, 'Lucy looked why webhooks are refused'), {
        kind: KIND,
        subject: SUBJECT,
        customerId: null,
        summary: `Webhooks are being refused. ${diagnosis.sentence}`,
        hint: diagnosis.hint,
        evidence: { cause: diagnosis.cause, rejects, accepted: [...accepted] },
        tell: 'oncall',
        buttons: [{ kind: 'command', label: 'Webhook health', line: 'webhook health' }],
      }),
    );
    return;
  }
  if (count > 0 || !(await isFindingOpen(database.knex, KIND, SUBJECT))) return;
  await inTransaction(database, async (sql) => {
    const cause = scheduleCause(now, 'Lucy looked why webhooks are refused');
    if (!(await closeFinding(sql, KIND, SUBJECT, now))) return;
    await postMessage(sql, cause, {
      dedupeKey: `recovered:${KIND}:${cause.correlationId}`,
      target: 'oncall',
      reply: {
        tone: 'done',
        title: 'No webhook was refused in the last ten minutes: the burst is over.',
        correlationId: cause.correlationId,
      },
    });
  });
}
