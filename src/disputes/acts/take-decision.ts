import type { Sql } from '#db/connection.ts';
import { type DisputeDecision, type DisputeRow, findDispute, recordDecision } from '#db/disputes.ts';
import { listOpenEffectsOn } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { disputeOf, readWanted } from '#src/stripe-effects/wanted-effect.ts';
import { renewDisputeCard } from '../card.ts';
import { preserveOpened } from '../evidence/on-opening.ts';
import { type CaseOwner, recordDispute } from '../record.ts';
import { tellCases } from '../tell.ts';
import type { DisputeFacts } from './dispute-facts.ts';
import { answeredAlready, decidedAlready } from './require-answerable.ts';

/**
 * Makes a dispute this run's, in the transaction that queues its effects: of several decisions at once exactly one wins.
 * What Stripe said for it is booked first, for its webhook may be lost or still on its way, and must find it answered.
 *
 * @throws UserError when another one stands, or Stripe told of another state meanwhile
 */
export async function takeDecision(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  taken: { facts: DisputeFacts; owner: CaseOwner; decision: DisputeDecision; runId: string },
): Promise<void> {
  const { dispute } = taken.facts;
  const known = await findDispute(sql, dispute.id);
  // Booked while Stripe was asked for this decision, so which of the two is newer cannot be told.
  const isBookedSince = known !== undefined && known.fetched_at > cause.now;
  if (isBookedSince && known.status !== dispute.status) throw moved(known);
  const isNews = !isBookedSince && (await recordDispute(sql, taken.owner, dispute, cause.now));
  const isOurs = await recordDecision(sql, dispute.id, {
    decision: taken.decision,
    runId: taken.runId,
    actor: cause.actor.name,
    now: cause.now,
  });
  if (!isOurs) {
    const row = await findDispute(sql, dispute.id);
    if (!row) throw new Error(`Dispute ${dispute.id} has no row to decide about`);
    throw decidedAlready(row);
  }
  await requireNothingUnderWay(sql, dispute, taken.runId);
  await preserveOpened(sql, cause, [dispute.id]);
  if (isNews) {
    await tellCases(sql, settings, cause, { disputeIds: new Set([dispute.id]), warningIds: new Set() });
  } else {
    await renewDisputeCard(sql, settings, cause, dispute.id);
  }
}

/** An answer that was given to the inquiry may still be on its way when the dispute that it became is decided. */
async function requireNothingUnderWay(
  sql: Sql,
  { id, chargeId }: DisputeFacts['dispute'],
  runId: string,
): Promise<void> {
  const open = await Promise.all([id, chargeId].map((target) => listOpenEffectsOn(sql, target)));
  const other = open.flat().find((effect) => effect.run_id !== runId && disputeOf(readWanted(effect)) === id);
  if (other) throw answeredAlready(id, other.run_id);
}

function moved({ id, status }: DisputeRow): UserError {
  const message = `${id} moved at Stripe while it was decided about: it is “${status.replaceAll('_', ' ')}” now, so nothing was done.`;
  return new UserError('conflict', message, `Look at it, and decide anew: dispute show ${id}`, {
    dispute: message,
  });
}
