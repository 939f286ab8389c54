import type { Pdf } from '#src/documents/set-pdf.ts';

/** What each kind of task comes to. */
export type Kind = { chart: Uint8Array; pdf: Pdf };

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

export function textOfChart(png: Uint8Array): string {
  return JSON.stringify({ bytes: base64(png) });
}

export function textOfPdf({ bytes, pages }: Pdf): string {
  return JSON.stringify({ bytes: base64(bytes), pages });
}

export function resultOf<K extends keyof Kind>(kind: K, text: string): Kind[K] {
  const { bytes, pages = 0 } = JSON.parse(text) as { bytes: string; pages?: number };
  const buffer = Buffer.from(bytes, 'base64');
  const results: Kind = { chart: buffer, pdf: { bytes: buffer, pages } };
  return results[kind];
}
