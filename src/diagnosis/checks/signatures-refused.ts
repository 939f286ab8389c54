import { countAcceptedBySlot } from '#db/stripe-event-reports.ts';
import { listRejectsSince } from '#db/webhook-rejects.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { diagnoseRejects } from '#src/event-recovery/diagnose-rejects.ts';
import { type Check, fine } from '../check.ts';

/** Support runbook section 5: refused signatures, diagnosed before anybody opens a Stripe ticket. */
export const signaturesRefused: Check = {
  id: 'signatures_refused',
  async run({ sql, now, settings }) {
    const since = now - HOUR_MS;
    const rejects = await listRejectsSince(sql, since);
    const diagnosis = diagnoseRejects(rejects, await countAcceptedBySlot(sql, since));
    const total = rejects.reduce((sum, { count }) => sum + count, 0);
    if (!diagnosis || total < settings.webhooks.refused_alert_at)
      return fine('Webhooks are not being refused in numbers.');
    return {
      verdict: 'problem',
      sentence: `Webhooks are being refused, for everybody. ${diagnosis.sentence}`,
      evidence: [diagnosis.hint],
      remedy: { label: 'Webhook health', line: 'webhook health' },
    };
  },
};
