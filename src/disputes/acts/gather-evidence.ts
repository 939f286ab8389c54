import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { Settings } from '#src/core/settings.ts';
import { requireOwner } from '#src/refunds/owner.ts';
import { assembleEvidence, type Evidence } from '../evidence/assemble.ts';
import { readRecords } from '../evidence/read-records.ts';
import type { EvidenceWords } from '../evidence/sources.ts';
import type { DisputeFacts } from './dispute-facts.ts';

export type GatheredEvidence = { facts: DisputeFacts; customer: CustomerRow; evidence: Evidence };

/**
 * Makes the evidence for a dispute of our records; writes nothing. Setting a PDF takes a moment, so it is done before any
 * transaction.
 *
 * @throws UserError when nobody of ours is linked, or it is more than Stripe takes
 */
export async function gatherEvidence(
  sql: Sql,
  settings: Settings,
  facts: DisputeFacts,
  said: EvidenceWords,
): Promise<GatheredEvidence> {
  const { dispute, paid } = facts;
  const customer = await requireOwner(sql, paid.charge);
  const records = await readRecords(sql, customer, dispute.createdAt);
  const refunds = paid.refunds.filter(({ status }) => status !== 'failed' && status !== 'canceled');
  const { charge } = paid;
  const sources = { dispute, charge, refunds, customer, records, settings: settings.disputes, said };
  return { facts, customer, evidence: await assembleEvidence(sources) };
}
