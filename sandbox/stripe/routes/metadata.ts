import type { Metadata } from '../objects/metadata.ts';

/** Given keys are set, keys with an empty value go, the others stay: https://docs.stripe.com/api/metadata */
export function mergeMetadata(present: Metadata, given: Metadata | undefined): Metadata {
  const merged = { ...present, ...given };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}
