import type { Sql } from '#db/connection.ts';
import { type DisputeDecision, findDispute, recordDecision, upsertDispute } from '#db/disputes.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewDisputeCard } from '../card.ts';
import { type CaseOwner, factsOf } from '../record.ts';
import type { DisputeFacts } from './dispute-facts.ts';
import { decidedAlready } from './require-answerable.ts';

/**
 * Makes a dispute this run's, in the transaction that queues its effects: of several decisions at once exactly one wins.
 *
 * @throws UserError when another one stands
 */
export async function takeDecision(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  taken: { facts: DisputeFacts; owner: CaseOwner; decision: DisputeDecision; runId: string },
): Promise<void> {
  const { dispute } = taken.facts;
  const known = await findDispute(sql, dispute.id);
  // Its webhook was lost, or is still on its way.
  if (!known) await upsertDispute(sql, await factsOf(sql, taken.owner, dispute, known, cause.now));
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
  await renewDisputeCard(sql, settings, cause, dispute.id);
}
