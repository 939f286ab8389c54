import { insertEvidenceDocument } from '#db/evidence-documents.ts';
import type { Dispute } from '#sandbox/stripe/objects/dispute.ts';
import { fingerprint, sha256 } from '#src/core/fingerprint.ts';
import type { WantedClosing, WantedSubmission } from '#src/stripe-effects/wanted-effect.ts';
import type { EffectsWorld } from './effects-world.ts';

/** A payment of Sofia's that is disputed: a formal dispute unless told. */
export function disputed(world: EffectsWorld, options: { inquiry?: boolean } = {}): Dispute {
  return world.stripe.world.openDispute(world.pay(), { reason: 'product_not_received', ...options });
}

export function closingOf(dispute: Dispute): WantedClosing {
  return { ...about(dispute), kind: 'close_dispute', refundedBefore: 0 };
}

const pdf = Buffer.from('%PDF-1.7 << /Type /Page >> evidence');

/** Bo approved this evidence; answers with the run. */
export async function approveEvidence(world: EffectsWorld, dispute: Dispute): Promise<string> {
  const submission: WantedSubmission = {
    ...about(dispute),
    kind: 'submit_evidence',
    evidenceBefore: fingerprint(standing(dispute)),
    isInquiry: dispute.status.startsWith('warning_'),
    submissionsBefore: dispute.evidence_details.submission_count,
    documentSha256: sha256(pdf),
  };
  const runId = await world.approve(submission);
  await insertEvidenceDocument(world.database.knex, {
    run_id: runId,
    dispute_id: dispute.id,
    customer_id: 'cust_sofia',
    name: 'evidence.pdf',
    content: pdf.toString('base64'),
    sha256: sha256(pdf),
    fields: JSON.stringify({ product_description: 'Reports, made by AI' }),
    correlation_id: 'cor_1',
    created_at: world.clock.now(),
  });
  return runId;
}

function about(dispute: Dispute) {
  const { id: disputeId, charge: chargeId, payment_intent: paymentIntentId, amount, currency } = dispute;
  return { disputeId, chargeId, paymentIntentId, amount, currency };
}

/** What Stripe shows in its evidence: fields that hold something. */
function standing({ evidence }: Dispute): Record<string, string> {
  const given = Object.entries(evidence).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(given as [string, string][]);
}

/** What was posted about disputes and files, and what came of it. */
export function answersPosted(world: EffectsWorld): string[] {
  return world.stripe.requests
    .filter(({ method, path }) => method === 'POST' && /disputes|files/.test(path))
    .map(
      ({ path, status, idempotencyKey }) =>
        `${path.split('/').slice(2).join('/')} ${status} ${idempotencyKey}`,
    );
}
