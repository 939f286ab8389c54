import { sha256 } from '#src/core/fingerprint.ts';
import { clamp } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';

/** Letters of a field; all of it stands in `--json`. */
const SHOWN = 400;

/** The PDF for the bank, as it was approved or as it would be. */
export function documentReply(shown: {
  runId: string;
  disputeId: string;
  name: string;
  pdf: Uint8Array;
  fields: Record<string, string>;
  /** When it was approved; null while it is only asked for. */
  approvedAt: number | null;
}): Reply {
  const { runId, disputeId, name, pdf, fields, approvedAt } = shown;
  return {
    tone: 'info',
    title:
      approvedAt === null
        ? `This is the evidence for ${disputeId} that the bank gets if ${runId} is approved.`
        : `This is the evidence for ${disputeId} as it was approved.`,
    facts: [
      { label: 'Run', value: { code: runId } },
      ...(approvedAt === null ? [] : [{ label: 'Approved', value: { at: approvedAt } }]),
      { label: 'sha256', value: { code: sha256(pdf) } },
    ],
    sections: [
      {
        heading: 'What stands in Stripe’s fields',
        lines: Object.entries(fields).map(([field, text]) => [
          `${field.replaceAll('_', ' ')}: ${clamp(text, SHOWN)}`,
        ]),
      },
    ],
    file: {
      name,
      base64: Buffer.from(pdf).toString('base64'),
      alt: `The evidence for ${disputeId} as the bank gets it.`,
    },
    isPrivate: true,
    json: { run: runId, dispute: disputeId, sha256: sha256(pdf), fields, approved: approvedAt !== null },
  };
}
