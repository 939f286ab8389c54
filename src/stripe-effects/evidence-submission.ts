import type { Sql } from '#db/connection.ts';
import { type EvidenceDocumentRow, findEvidenceDocument } from '#db/evidence-documents.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import { fingerprint, sha256 } from '#src/core/fingerprint.ts';
import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import { isInquiry } from '#src/gateways/stripe-dispute-status.ts';
import type { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import { whyNoAnswer, whyNoEvidence } from './dispute-state.ts';
import type { EffectKind, Look, Seen } from './effect-kind.ts';
import { readWanted, type WantedSubmission } from './wanted-effect.ts';

/**
 * Evidence for the bank, which a network takes once. The answer carries our id in the dispute's metadata, so whether
 * it is there can be seen whatever became of the request. The PDF goes first; without the answer it means nothing.
 */
export const evidenceSubmission: EffectKind = {
  async look(stripe, effect, now) {
    const dispute = await stripe.getAnswerableDispute(effect.target_id);
    if (!dispute) return { kind: 'barred', failure: unknownDispute(effect) };
    return judgeDispute(effect, wantedOf(effect), dispute, now);
  },
  async send(stripe, effect, idempotencyKey, sql) {
    const document = await documentOf(sql, effect);
    const fileId = await stripe.uploadEvidence({
      name: document.name,
      pdf: Buffer.from(document.content, 'base64'),
      idempotencyKey: `${idempotencyKey}:file`,
    });
    const dispute = await stripe.submitEvidence({
      disputeId: effect.target_id,
      evidence: { ...JSON.parse(document.fields), uncategorized_file: fileId },
      metadata: { lucy_effect: effect.id, lucy_run: effect.run_id },
      idempotencyKey,
    });
    return seenOf(wantedOf(effect), dispute);
  },
  async fetch(stripe, effect) {
    const dispute = await stripe.getAnswerableDispute(effect.target_id);
    return dispute && seenOf(wantedOf(effect), dispute);
  },
  // Submitted is what Stripe shows as submitted, and nothing less.
  judge: (_effect, { status }) => ({ kind: withBank.has(status) ? 'confirmed' : 'open' }),
  explainNo,
  name: (effect) => `the evidence for the dispute ${effect.target_id}`,
  confirmed: (effect) =>
    `Stripe confirmed that the evidence for ${effect.target_id} is submitted; the bank decides now. Seen`,
  pending: () => null,
  needsThoseBefore: true,
  mayFailLater: false,
};

const SUBMITTED = 'submitted';
const withBank = new Set([SUBMITTED, 'under_review', 'warning_under_review']);

function wantedOf(effect: StripeEffectRow): WantedSubmission {
  const wanted = readWanted(effect);
  if (wanted.kind !== 'submit_evidence') throw new Error(`Effect ${effect.id} submits no evidence`);
  return wanted;
}

function seenOf(wanted: WantedSubmission, dispute: AnswerableDispute): Seen {
  const isCounted = dispute.submissionCount > wanted.submissionsBefore;
  return { objectId: dispute.id, status: isCounted ? SUBMITTED : dispute.status, reason: null };
}

function judgeDispute(
  effect: StripeEffectRow,
  wanted: WantedSubmission,
  dispute: AnswerableDispute,
  now: number,
): Look {
  const isCounted = dispute.submissionCount > wanted.submissionsBefore;
  if (isCounted && dispute.metadata.lucy_effect === effect.id)
    return { kind: 'there', seen: seenOf(wanted, dispute) };
  if (isCounted)
    return {
      kind: 'barred',
      failure: `Somebody submitted evidence for ${dispute.id} at Stripe after this was approved, and networks take it once, so Lucy sent nothing. Read in Stripe’s dashboard what the bank was given.`,
    };
  // One that is over, or with the bank, says so itself.
  const why = whyNoAnswer(dispute) ?? whyMoved(wanted, dispute) ?? whyNoEvidence(dispute, now);
  return why ? { kind: 'barred', failure: `${why} So Lucy submitted nothing.` } : { kind: 'absent' };
}

/** The bank took the money since, so its claim and what wins are others; or it would read what nobody approved. */
function whyMoved(wanted: WantedSubmission, dispute: AnswerableDispute): string | null {
  if (isInquiry(dispute.status) === wanted.isInquiry)
    return fingerprint(dispute.evidence) === wanted.evidenceBefore
      ? null
      : `Somebody changed the evidence of ${dispute.id} at Stripe after this was approved, and the bank would get that, too, so look at it and contest it anew.`;
  return wanted.isInquiry
    ? `${dispute.id} turned into a formal dispute after this was approved as an answer to an inquiry, and networks take evidence once, so look at it and decide anew.`
    : `${dispute.id} is an inquiry now, and this was approved for a formal dispute, so look at it and decide anew.`;
}

/** Exactly what was approved, or nothing. */
async function documentOf(sql: Sql, effect: StripeEffectRow): Promise<EvidenceDocumentRow> {
  const document = await findEvidenceDocument(sql, effect.run_id);
  const isIt =
    document && sha256(Buffer.from(document.content, 'base64')) === wantedOf(effect).documentSha256;
  if (!isIt) throw new Error(`The evidence of ${effect.run_id} is not the one that was approved`);
  return document;
}

function unknownDispute(effect: StripeEffectRow): string {
  return `Stripe knows no dispute ${effect.target_id}, so nothing was submitted. Check the id, and that the key is of this account, then contest it anew.`;
}

function explainNo(effect: StripeEffectRow, { code, message }: StripeSaidNo): string {
  if (code === 'resource_missing') return unknownDispute(effect);
  if (code === 'dispute_evidence_page_limit_exceeded')
    return `Stripe refused the evidence for ${effect.target_id}, and nothing was submitted: it is more pages than this card’s network takes. Say it shorter, in the note or in the policies under disputes: in lucy.config.yml, and contest it anew before its deadline.`;
  const said = /[.!?]$/.test(message) ? message : `${message}.`;
  return `Stripe refused the evidence for ${effect.target_id}, and nothing was submitted: ${said} Mend that and contest it anew before its deadline.`;
}
