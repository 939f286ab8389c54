import type { Sql } from '#db/connection.ts';
import { listEffectsOfRun, type StripeEffectRow } from '#db/stripe-effects.ts';
import { formatUtc } from '#src/core/clock.ts';
import { kindOf } from './kinds.ts';

/** What a run wants done at Stripe, in its order, as it stands now. */
export async function effectsOfRun(sql: Sql, runId: string): Promise<StripeEffectRow[]> {
  return listEffectsOfRun(sql, runId);
}

/** How far one effect has come; a sentence that stands alone. What is not seen at Stripe is never called done. */
export function describeEffect(effect: StripeEffectRow): string {
  const kind = kindOf(effect);
  const what = kind.name(effect);
  const since = formatUtc(effect.sent_at ?? effect.first_sent_at ?? effect.created_at);
  switch (effect.state) {
    case 'queued':
      return effect.last_error === null
        ? `Waits to be sent to Stripe: ${what}.`
        : `Not sent to Stripe yet, because Stripe could not take it: ${what}. Lucy keeps trying.`;
    case 'sending':
      return `Being sent to Stripe: ${what}.`;
    case 'unknown':
      return `Stripe gave no clear answer since ${since} about ${what}. Lucy is checking whether Stripe took it, and sends nothing twice.`;
    case 'sent':
      return (
        kind.pending(effect) ??
        `Sent to Stripe as ${effect.object_id}: ${what}; waiting for Stripe’s confirmation since ${since}.`
      );
    case 'confirmed':
      return `${kind.confirmed(effect)} at ${formatUtc(effect.confirmed_at ?? effect.created_at)}.`;
    case 'failed':
      return `Failed: ${effect.failure ?? what}`;
    case 'skipped':
      return `Left out: ${effect.failure ?? what}`;
  }
}
