import { createdPageParams, pageOf } from '../http/page.ts';
import { boolean, emptyable, hash, metadata, oneOf, text } from '../http/param-kinds.ts';
import type { Param } from '../http/params.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import { type Dispute, type EvidenceField, evidenceFields } from '../objects/dispute.ts';
import { answerDispute, closeDispute } from '../world/dispute.ts';
import { findRow } from './find.ts';
import { mergeMetadata } from './metadata.ts';

const listParams = { ...createdPageParams, charge: text, payment_intent: text };

const evidence: Record<string, Param<string | null>> = Object.fromEntries(
  evidenceFields.map((field) => [field, emptyable(text)]),
);

const updateParams = {
  evidence: hash(evidence),
  intended_submission_method: oneOf('manual', 'prefer_manual', 'prefer_smart_disputes', 'smart_disputes'),
  metadata,
  submit: boolean,
};

/** All evidence together: https://docs.stripe.com/api/disputes/update */
const mostEvidence = 150_000;

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
    if (given.reduce((sum, [, value]) => sum + (value?.length ?? 0), 0) > mostEvidence) {
      throw invalidRequest('The combined evidence is longer than 150,000 characters.', { param: 'evidence' });
    }
    dispute.metadata = mergeMetadata(dispute.metadata, params.metadata);
    const named: Partial<Record<EvidenceField, string | null>> = Object.fromEntries(given);
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
