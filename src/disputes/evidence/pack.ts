import type { EvidenceBundleRow, EvidencePartRow } from '#db/evidence-bundles.ts';
import { packTar } from '#src/documents/pack-tar.ts';
import { readManifest } from './manifest.ts';

/** A bundle as a file that can be checked without Lucy: `sha256sum -c SHA256SUMS`. */
export function packBundle(
  bundle: EvidenceBundleRow,
  parts: readonly EvidencePartRow[],
): { name: string; bytes: Uint8Array } {
  const sums = [
    `${bundle.sha256}  manifest.json`,
    ...readManifest(bundle).parts.map((part) => `${part.sha256}  ${part.name}`),
  ];
  const files = [
    { name: 'SHA256SUMS', content: `${sums.join('\n')}\n` },
    { name: 'manifest.json', content: bundle.manifest },
    ...parts.map(({ name, content }) => ({ name, content })),
  ];
  return { name: `${bundle.id}.tar.gz`, bytes: packTar(files, bundle.created_at) };
}
