import type { EvidenceBundleRow, EvidencePartRow } from '#db/evidence-bundles.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import { readManifest } from './manifest.ts';

/** What is not as it was preserved, a sentence each; none when all of it is. */
export function verifyBundle(bundle: EvidenceBundleRow, parts: readonly EvidencePartRow[]): string[] {
  if (sha256(bundle.manifest) !== bundle.sha256)
    return [`The manifest of ${bundle.id} was changed after it was made: its sha256 does not fit.`];
  const manifest = readManifest(bundle);
  const found = new Map(parts.map((part) => [part.name, part.content]));
  const problems = manifest.parts.flatMap(({ name, sha256: kept }) => {
    const content = found.get(name);
    found.delete(name);
    if (content === undefined) return [`The part ${name} is missing.`];
    return sha256(content) === kept ? [] : [`The part ${name} was changed after it was made.`];
  });
  return [...problems, ...[...found.keys()].map((name) => `The part ${name} was added afterwards.`)];
}
