import { emptyable, text } from '../http/param-kinds.ts';
import type { Param } from '../http/params.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import { type Dispute, type EvidenceField, evidenceFields } from '../objects/dispute.ts';
import type { Core } from '../world/core.ts';
import { findNamed } from './find.ts';

/** What takes the id of a file, and how long the texts may be: https://docs.stripe.com/api/disputes/update */
const fileFields: readonly EvidenceField[] = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
];
const longFields: readonly EvidenceField[] = [
  'access_activity_log',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'duplicate_charge_explanation',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'uncategorized_text',
];
const longText = 20_000;
const shortText = 5_000;
const mostEvidence = 150_000;
const mostFileBytes = 4.5 * 1024 * 1024;
/** How Stripe estimates pages it does not say. */
const pageLetters = 3_000;
const pageLines = 50;

/** The parameters under `evidence`. */
export const evidenceParams: Record<string, Param<string | null>> = Object.fromEntries(
  evidenceFields.map((field) => [
    field,
    emptyable(fileFields.includes(field) ? text : atMost(longFields.includes(field) ? longText : shortText)),
  ]),
);

/** What is given together with what is there already must be within Stripe's limits. */
export function refuseBadEvidence(
  core: Core,
  dispute: Dispute,
  given: Partial<Record<EvidenceField, string | null>>,
): void {
  const { enhanced_evidence: _enhanced, ...before } = dispute.evidence;
  const all = { ...before, ...given };
  const letters = Object.values(all).reduce((sum, value) => sum + (value?.length ?? 0), 0);
  if (letters > mostEvidence) {
    throw invalidRequest('The combined evidence is longer than 150,000 characters.', { param: 'evidence' });
  }
  let bytes = 0;
  let pages = textPages(
    Object.entries(all).flatMap(([field, value]) => (isFile(field) ? [] : (value ?? []))),
  );
  for (const field of fileFields) {
    const id = all[field];
    if (!id) continue;
    bytes += findNamed(core.tables.files, 'file', id, `evidence[${field}]`).size;
    pages += filePages(Buffer.from(core.tables.fileContents.get(id) ?? []).toString('latin1'));
  }
  // https://docs.stripe.com/changelog/endive/2026-09-30/page-limit-validation-dispute-evidence
  if (pages > (dispute.payment_method_details.card.network === 'mastercard' ? 19 : 49)) {
    throw invalidRequest('The estimated page count of this evidence exceeds the limit of the network.', {
      code: 'dispute_evidence_page_limit_exceeded',
      param: 'evidence',
    });
  }
  if (bytes > mostFileBytes) {
    throw invalidRequest(
      "The files you've attached to this dispute as evidence will exceed the limit for a dispute's total size. Try using smaller files as evidence.",
      { param: 'evidence' },
    );
  }
}

function isFile(field: string): boolean {
  return (fileFields as readonly string[]).includes(field);
}

function textPages(texts: readonly string[]): number {
  const all = texts.join('\n');
  return Math.ceil(Math.max(all.length / pageLetters, all.split('\n').length / pageLines));
}

export function filePages(data: string): number {
  return data.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

function atMost(letters: number): Param<string> {
  return {
    read(value, name) {
      const read = text.read(value, name);
      if (read.length <= letters) return read;
      throw invalidRequest(`Invalid string: must be at most ${letters} characters`, { param: name });
    },
  };
}
