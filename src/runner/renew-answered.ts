import type { Sql } from '#db/connection.ts';
import { findDispute } from '#db/disputes.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewDisputeCard } from '#src/disputes/card.ts';
import { disputeOf, readWanted } from '#src/stripe-effects/wanted-effect.ts';

/** An answer that came to nothing leaves its dispute open for another, and the dispute's card says so. */
export async function renewAnswered(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  effect: StripeEffectRow,
): Promise<void> {
  if (effect.state !== 'failed' && effect.state !== 'skipped') return;
  const disputeId = disputeOf(readWanted(effect));
  if (disputeId === null || !(await findDispute(sql, disputeId))) return;
  await renewDisputeCard(sql, settings, cause, disputeId);
}
