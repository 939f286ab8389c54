import type { Settings } from '#src/core/settings.ts';
import { clamp, counted } from '#src/core/text.ts';
import { isInquiry } from '#src/gateways/stripe-dispute-status.ts';
import { sizeInWords } from '#src/replies/file-bytes.ts';
import type { Change, Fact, ReplyFile } from '#src/replies/reply.ts';
import { reasonWords } from '../reasons.ts';
import { disputeFacts } from './describe-dispute.ts';
import type { GatheredEvidence } from './gather-evidence.ts';

/** Letters of what somebody else put there. */
const STAGED_SHOWN = 200;

export function contestChanges({ facts }: GatheredEvidence): Change[] {
  const { dispute } = facts;
  const after = isInquiry(dispute.status) ? 'warning_under_review' : 'under_review';
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
    stagedWarning(facts.dispute.evidence, evidence.fields),
    'The bank takes evidence once: what is missing in it cannot be added later.',
    dispute.reason === 'duplicate' && !evidence.fields.duplicate_charge_id
      ? 'The customer says that they paid twice. Name the other payment with --duplicate-of, or accept the dispute if it was one.'
      : null,
    evidence.hasUse ? null : 'Nothing on record shows that the customer used the service.',
    missing.length > 0
      ? `The bank hears nothing of ${missing.join(', ')}: set ${missing.length === 1 ? 'it' : 'them'} under disputes: in lucy.config.yml.`
      : null,
    evidence.fields.refund_refusal_explanation && paid.charge.amountRefunded > 0
      ? 'Money of this payment was refunded; the evidence tells the bank when and how much.'
      : null,
  ].filter((warning) => warning !== null);
}

/** What stands at Stripe and is not replaced by ours: somebody's draft, or what Stripe knows of the payment itself. */
function stagedWarning(
  staged: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
): string | null {
  const others = Object.entries(staged).filter(
    ([field]) => !(field in ours) && field !== 'uncategorized_file',
  );
  if (others.length === 0) return null;
  const list = others.map(([field, text]) => `${field.replaceAll('_', ' ')} “${clamp(text, STAGED_SHOWN)}”`);
  return `More stands in this dispute at Stripe, and the bank gets it together with this: ${list.join('; ')}. What it must not read, take out in Stripe’s dashboard first.`;
}
