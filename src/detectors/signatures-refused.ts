import { findFinding } from '#db/findings.ts';
import { countAcceptedBySlot } from '#db/stripe-event-reports.ts';
import { listRejectsSince } from '#db/webhook-rejects.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { diagnoseRejects } from '#src/event-recovery/diagnose-rejects.ts';
import { BURST_MS } from '#src/event-recovery/watch-signatures.ts';
import type { Detector } from './detector.ts';

/** So long on-call has the diagnosis, and mends what is on our side. */
const AFTER_MS = 30 * MINUTE_MS;
const SUBJECT = 'stripe';

/**
 * Repeated signature failures become a Stripe ticket only when they go on after they were diagnosed (support runbook
 * section 5): until then `watchSignatures` tells on-call what it most likely is.
 */
export const signaturesRefused: Detector = {
  kind: 'signatures_refused',
  async look({ database }, _mark, now) {
    const sql = database.knex;
    const nothing = { defects: [], mark: '', seenUntil: now, isFull: false };
    const told = await findFinding(sql, 'webhook_signatures', SUBJECT);
    if (told?.state !== 'open' || told.opened_at > now - AFTER_MS) return nothing;
    const since = now - BURST_MS;
    const diagnosis = diagnoseRejects(
      await listRejectsSince(sql, since),
      await countAcceptedBySlot(sql, since),
    );
    if (!diagnosis) return nothing;
    return {
      defects: [
        {
          subject: SUBJECT,
          customerId: null,
          summary: `Webhooks are still being refused, ${spanWords(now - told.opened_at)} after on-call was told: if nothing on our side explains it, open a Stripe support ticket.`,
          details: {
            email: null,
            lines: [`Lucy’s own diagnosis: ${diagnosis.sentence}`, diagnosis.hint],
            ids: [],
            remedy: { label: 'Webhook health', line: 'webhook health' },
          },
        },
      ],
      mark: '',
      seenUntil: now,
      isFull: false,
    };
  },
  isStill: async ({ database }) =>
    (await findFinding(database.knex, 'webhook_signatures', SUBJECT))?.state === 'open',
};
