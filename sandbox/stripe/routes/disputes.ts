import { createdPageParams, pageOf } from '../http/page.ts';
import { boolean, hash, metadata, oneOf, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import type { Dispute, EvidenceField } from '../objects/dispute.ts';
import { answerDispute, closeDispute } from '../world/dispute.ts';
import { evidenceParams, refuseBadEvidence } from './dispute-evidence.ts';
import { findRow } from './find.ts';
import { mergeMetadata } from './metadata.ts';

const listParams = { ...createdPageParams, charge: text, payment_intent: text };

const updateParams = {
  evidence: hash(evidenceParams),
  intended_submission_method: oneOf('manual', 'prefer_manual', 'prefer_smart_disputes', 'smart_disputes'),
  metadata,
  submit: boolean,
};

/** https://docs.stripe.com/api/disputes and https://docs.stripe.com/api/radar/early_fraud_warnings */
export const disputeRoutes: Route[] = [
  route('GET /v1/disputes', listParams, ({ core, params }) =>
    pageOf('/v1/disputes', 'dispute', core.tables.disputes.newestFirst(), params, (row) => isOf(row, params)),
  ),
  route('GET /v1/disputes/:id', {}, ({ core, id }) => findRow(core.tables.disputes, 'dispute', id)),
  route('POST /v1/disputes/:id', updateParams, ({ core, id, params }) => {
    const dispute = findRow(core.tables.disputes, 'dispute', id);
    if (params.evidence) refuseIfClosed(dispute);
    const given = Object.entries(params.evidence ?? {}).filter(([, value]) => value !== undefined);
    const named: Partial<Record<EvidenceField, string | null>> = Object.fromEntries(given);
    refuseBadEvidence(core, dispute, named);
    dispute.metadata = mergeMetadata(dispute.metadata, params.metadata);
    // Stripe submits unless told otherwise, also when only evidence was to be staged.
    const submits = params.submit ?? params.evidence !== undefined;
    return answerDispute(core, dispute.id, named, submits);
  }),
  route('POST /v1/disputes/:id/close', {}, ({ core, id }) => {
    const dispute = findRow(core.tables.disputes, 'dispute', id);
    refuseIfClosed(dispute);
    return closeDispute(core, dispute.id, 'lost');
  }),
  route('GET /v1/radar/early_fraud_warnings', listParams, ({ core, params }) =>
    pageOf(
      '/v1/radar/early_fraud_warnings',
      'radar.early_fraud_warning',
      core.tables.fraudWarnings.newestFirst(),
      params,
      (row) => isOf(row, params),
    ),
  ),
  route('GET /v1/radar/early_fraud_warnings/:id', {}, ({ core, id }) =>
    findRow(core.tables.fraudWarnings, 'early fraud warning', id),
  ),
];

function isOf(
  row: { charge: string; payment_intent: string | null },
  wanted: { charge: string | undefined; payment_intent: string | undefined },
): boolean {
  return (
    (wanted.charge === undefined || row.charge === wanted.charge) &&
    (wanted.payment_intent === undefined || row.payment_intent === wanted.payment_intent)
  );
}

function refuseIfClosed(dispute: Dispute): void {
  if (!['lost', 'prevented', 'warning_closed', 'won'].includes(dispute.status)) return;
  throw invalidRequest('This dispute is already closed', { code: 'dispute_already_closed' });
}
