import { hash } from 'node:crypto';

/** JSON with sorted keys, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  // Nothing in it has keys to be sorted, and asking for each value costs three times the text.
  if (Array.isArray(value) && value.every(isPlain)) return JSON.stringify(value);
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

/** SHA-256 in hex of a value's canonical JSON: two equal plans, two equal inputs, have one fingerprint. */
export function fingerprint(value: unknown): string {
  return sha256(canonicalJson(value));
}

export function sha256(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
