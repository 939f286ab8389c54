import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the `Stripe-Signature` header says: when it was signed, and by which hashes, of which one must fit. */
export type SignatureHeader = { timestamp: string; hashes: readonly Buffer[] };

/** SHA-256 in hex; what is longer or shorter is none, and neither is what Node would read of it. */
const HASH_DIGITS = 64;

/**
 * docs.stripe.com/webhooks#verify-manually: `t=` once and `v1=` once or more; other schemes say nothing. Null for what is
 * no such header. Two times would let one be signed and the other be young, so they are none.
 */
export function readSignatureHeader(header: string): SignatureHeader | null {
  const times: string[] = [];
  const hashes: Buffer[] = [];
  for (const part of header.split(',')) {
    if (part.startsWith('t=')) times.push(part.slice(2));
    if (part.startsWith('v1=') && part.length === 'v1='.length + HASH_DIGITS)
      hashes.push(Buffer.from(part.slice('v1='.length), 'hex'));
  }
  const [timestamp = ''] = times;
  return times.length === 1 && /^\d{1,12}$/.test(timestamp) ? { timestamp, hashes } : null;
}

/**
 * The first secret that signed these bytes, or -1; several are live while a secret is rolled. By hand, over the bytes as they
 * came: the SDK would have them as text, and make bytes of them again, for each secret.
 */
export function findSigner(body: Uint8Array, signed: SignatureHeader, secrets: readonly string[]): number {
  return secrets.findIndex((secret) => {
    if (secret === '') return false;
    const expected = createHmac('sha256', secret).update(`${signed.timestamp}.`).update(body).digest();
    return signed.hashes.some((hash) => hash.length === expected.length && timingSafeEqual(hash, expected));
  });
}
