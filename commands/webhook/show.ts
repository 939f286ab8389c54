import { z } from 'zod';
import { listChangesByCause } from '#db/entitlements.ts';
import { findStripeEvent } from '#db/stripe-events.ts';
import { describeEvent } from '#src/billing-events/describe-event.ts';
import { UserError } from '#src/core/errors.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { eventField } from '#src/runner/fields.ts';

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
    if (!event) {
      throw new UserError(
        'not_found',
        `Our inbox has no event ${id}.`,
        `Stripe may still have it: webhook replay ${id} fetches it from there.`,
        { event: 'Our inbox has no such event.' },
      );
    }
    return { ...describeEvent(event, await listChangesByCause(sql, id)), correlationId: cause.correlationId };
  },
});
