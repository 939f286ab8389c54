import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { sizeInWords } from '#src/replies/file-bytes.ts';
import type { Change, Fact, ReplyFile } from '#src/replies/reply.ts';
import { isInquiry } from '#src/stripe-effects/dispute-state.ts';
import { reasonWords } from '../reasons.ts';
import { disputeFacts } from './describe-dispute.ts';
import type { GatheredEvidence } from './gather-evidence.ts';

export function contestChanges({ facts }: GatheredEvidence): Change[] {
  const { dispute } = facts;
  const after = isInquiry(dispute) ? 'warning_under_review' : 'under_review';
  return [
    { label: 'Stands', before: dispute.status.replaceAll('_', ' '), after: after.replaceAll('_', ' ') },
  ];
}

/** @param runId of the request, so that whoever approves can read exactly this PDF */
export function contestFacts({ facts, evidence }: GatheredEvidence, runId: string | null): Fact[] {
  const { pages, pdf, sha256, fields } = evidence;
  const names = Object.keys(fields).map((field) => field.replaceAll('_', ' '));
  return [
    ...disputeFacts(facts),
    { label: 'What wins', value: reasonWords(facts.dispute.reason).evidence },
    {
      label: 'Evidence',
      value: `A PDF of ${counted(pages, 'page')} (${sizeInWords(pdf.length)}, sha256 ${sha256.slice(0, 12)}…), and ${counted(names.length, 'field')}: ${names.join(', ')}`,
    },
    ...(runId === null ? [] : [{ label: 'Read it', value: { code: readLine(facts.dispute.id, runId) } }]),
  ];
}

/** The line that hands out the PDF of this request. */
export function readLine(disputeId: string, runId: string): string {
  return `dispute evidence ${disputeId} --run ${runId}`;
}

export function contestFile({ facts, evidence }: GatheredEvidence): ReplyFile {
  return {
    name: evidence.name,
    base64: Buffer.from(evidence.pdf).toString('base64'),
    alt: `The evidence for ${facts.dispute.id} as the bank would get it, ${counted(evidence.pages, 'page')}.`,
  };
}

/** What weakens it, before it goes out once and for all. */
export function contestWarnings({ facts, evidence }: GatheredEvidence, settings: Settings): string[] {
  const { dispute, paid } = facts;
  const { product_description, refund_policy, cancellation_policy } = settings.disputes;
  const missing = [
    evidence.fields.product_description || product_description ? null : 'product_description',
    refund_policy ? null : 'refund_policy',
    cancellation_policy ? null : 'cancellation_policy',
  ].filter((name) => name !== null);
  return [
    'The bank takes evidence once: what is missing in it cannot be added later.',
    dispute.reason === 'duplicate' && !evidence.fields.duplicate_charge_id
      ? 'The customer says that they paid twice. Name the other payment with --duplicate-of, or accept the dispute if it was one.'
      : null,
    hasNoUse(evidence.fields) ? 'Nothing on record shows that the customer used the service.' : null,
    missing.length > 0
      ? `The bank hears nothing of ${missing.join(', ')}: set ${missing.length === 1 ? 'it' : 'them'} under disputes: in lucy.config.yml.`
      : null,
    paid.charge.amountRefunded > 0 ? 'A part of this payment is refunded already; say so in the note.' : null,
  ].filter((warning) => warning !== null);
}

function hasNoUse({ access_activity_log: log = '' }: Record<string, string>): boolean {
  return !/made a report|used the service/.test(log);
}
