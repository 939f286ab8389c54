import { z } from 'zod';
import { listChangesByCause } from '#db/entitlements.ts';
import { findStripeEvent } from '#db/stripe-events.ts';
import { findLastResend, type WebhookResendRow } from '#db/webhook-resends.ts';
import { describeEvent } from '#src/billing-events/describe-event.ts';
import { UserError } from '#src/core/errors.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { eventField } from '#src/runner/id-fields.ts';

/** Playbook, webhook failure recovery 1; support runbook section 4, step 3. */
export const webhookShow = defineLookup({
  name: 'webhook show',
  summary: 'What became of a Stripe event',
  examples: ['webhook show evt_1Pgc13B7WZ01zgkW61746564'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ event: eventField }),
  positionals: ['event'],

  async answer({ event: id }, { sql, cause }) {
    const event = await findStripeEvent(sql, id);
    const asked = await findLastResend(sql, id);
    if (!event) {
      throw new UserError(
        'not_found',
        `Our inbox has no event ${id}.${asked ? ` ${resendWords(asked)}.` : ''}`,
        `Stripe may still have it: webhook replay ${id} fetches it from there.`,
        { event: 'Our inbox has no such event.' },
      );
    }
    const described = describeEvent(event, await listChangesByCause(sql, id));
    const facts = [
      ...(described.facts ?? []),
      ...(asked ? [{ label: 'Sent again', value: resendWords(asked) }] : []),
    ];
    return { ...described, facts, correlationId: cause.correlationId };
  },
});

function resendWords({ state, requested_by: who, error }: WebhookResendRow): string {
  const words = {
    queued: `${who} asked; Stripe is being asked${error ? `, and did not answer yet: ${error}` : ''}`,
    sent: `${who} asked, and Stripe took it`,
    refused: `${who} asked, and Stripe refused: ${error ?? 'it did not say why'}`,
  };
  return words[state];
}
