import { hash } from 'node:crypto';

/**
 * A checksum of many lines that does not depend on their order, because two engines need not agree on one: the sum of
 * the lines' SHA-256, in eight parts of 32 bits. It shows what got lost, came twice or was altered on the way.
 */
export type Digest = { add(line: string | Uint8Array): void; rows(): number; hex(): string };

export function createDigest(): Digest {
  const sums = new Uint32Array(8);
  let rows = 0;
  return {
    add(line) {
      const digest = hash('sha256', line, 'buffer');
      for (let part = 0; part < 8; part++) sums[part] = (sums[part] ?? 0) + digest.readUInt32BE(part * 4);
      rows++;
    },
    rows: () => rows,
    hex: () => [...sums].map((sum) => sum.toString(16).padStart(8, '0')).join(''),
  };
}
