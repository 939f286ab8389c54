import { UserError } from '#src/core/errors.ts';
import { fingerprint, sha256 } from '#src/core/fingerprint.ts';
import { setPdf } from '#src/documents/set-pdf.ts';
import { evidenceFields } from './fields.ts';
import { ALL_TEXT, FILE_BYTES, FILE_PAGES } from './limits.ts';
import type { EvidenceSources } from './sources.ts';
import { writeDocument } from './write-document.ts';

/** Evidence that is ready to be sent. */
export type Evidence = {
  fields: Record<string, string>;
  name: string;
  pdf: Uint8Array;
  pages: number;
  /** Of the PDF's bytes. */
  sha256: string;
  /** The same records and words have the same one. */
  basis: string;
};

/** @throws UserError when it is more than Stripe takes */
export async function assembleEvidence(sources: EvidenceSources): Promise<Evidence> {
  const fields = evidenceFields(sources);
  const document = writeDocument(sources);
  const { bytes: pdf, pages } = await setPdf(document);
  const letters = Object.values(fields).reduce((sum, text) => sum + text.length, 0);
  if (letters > ALL_TEXT || pdf.length > FILE_BYTES || pages >= FILE_PAGES)
    throw new UserError(
      'invalid',
      `The evidence would be ${pages} pages, ${(pdf.length / 1024 / 1024).toFixed(1)} MB and ${letters.toLocaleString('en-US')} letters, and Stripe takes fewer than ${FILE_PAGES} pages, 4.5 MB and ${ALL_TEXT.toLocaleString('en-US')} letters.`,
      'Say it shorter: in the note, or in the policies under disputes: in lucy.config.yml.',
    );
  return {
    fields,
    name: `evidence-${sources.dispute.id}.pdf`,
    pdf,
    pages,
    sha256: sha256(pdf),
    basis: fingerprint([fields, document]),
  };
}
