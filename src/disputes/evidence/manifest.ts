import type { EvidenceBundleRow } from '#db/evidence-bundles.ts';

/** What a manifest says of one part of a bundle: a table of JSON lines. */
export type ManifestPart = { name: string; rows: number; bytes: number; sha256: string };

export type Manifest = { bundle: string; customer: string; dispute: string | null; parts: ManifestPart[] };

export function readManifest({ manifest }: Pick<EvidenceBundleRow, 'manifest'>): Manifest {
  return JSON.parse(manifest);
}
