import type { EvidenceBundleRow, EvidencePartRow } from '#db/evidence-bundles.ts';
import { counted } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';
import { readManifest } from './manifest.ts';
import { packBundle } from './pack.ts';
import { verifyBundle } from './verify.ts';

const causes = { dispute: 'a formal dispute was opened', fraud: 'fraud was suspected' };

/** A bundle as a file, and whether it is what was preserved: each part is hashed again. */
export function bundleReply(bundle: EvidenceBundleRow, parts: readonly EvidencePartRow[]): Reply {
  const problems = verifyBundle(bundle, parts);
  const { parts: listed } = readManifest(bundle);
  const rows = listed.reduce((sum, part) => sum + part.rows, 0);
  const { name, bytes } = packBundle(bundle, parts);
  const isWhole = problems.length === 0;
  return {
    tone: isWhole ? 'info' : 'warning',
    title: isWhole
      ? `The evidence ${bundle.id} is exactly as it was preserved.`
      : `The evidence ${bundle.id} is not as it was preserved.`,
    facts: [
      { label: 'Preserved', value: { at: bundle.created_at } },
      { label: 'Because', value: causes[bundle.cause] },
      ...(bundle.dispute_id ? [{ label: 'Dispute', value: { code: bundle.dispute_id } }] : []),
      { label: 'Holds', value: `${counted(rows, 'row')} of ${counted(listed.length, 'table')}` },
      { label: 'sha256', value: { code: bundle.sha256 } },
      {
        label: 'Legal hold',
        value: 'Yes: it is neither changed nor deleted, and nothing of this customer is pruned',
      },
    ],
    warnings: problems,
    hint: isWhole
      ? 'Compare the sha256 with the one on the dispute’s card or on the receipt; “sha256sum -c SHA256SUMS” checks the file without Lucy.'
      : 'Somebody changed it in the database itself. Do not hand it out; restore a backup of that time and compare.',
    file: {
      name,
      base64: Buffer.from(bytes).toString('base64'),
      alt: `Everything that was known of the customer, as JSON lines in a tar file with its sums.`,
    },
    isPrivate: true,
    json: {
      bundle: bundle.id,
      customer: bundle.customer_id,
      dispute: bundle.dispute_id,
      cause: bundle.cause,
      sha256: bundle.sha256,
      isVerified: isWhole,
      problems,
      parts: listed,
    },
  };
}
