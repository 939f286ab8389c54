import { UserError } from '#src/core/errors.ts';
import { fingerprint, sha256 } from '#src/core/fingerprint.ts';
import { setPdfAside } from '#src/documents/set-pdf-aside.ts';
import { evidenceFields } from './fields.ts';
import { ALL_TEXT, FILE_BYTES, mostPages, textPages } from './limits.ts';
import type { EvidenceRecords } from './read-records.ts';
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
  /** Something shows that the customer used what they paid for. */
  hasUse: boolean;
};

/** What is left out first when it is too long: the log that the PDF has, too, then the oldest rows of its tables. */
const lengths = [
  { hasLog: true, share: 1 },
  { hasLog: false, share: 1 },
  { hasLog: false, share: 0.5 },
  { hasLog: false, share: 0.2 },
];

/** @throws UserError when it is more than Stripe, or the card's network, takes */
export async function assembleEvidence(sources: EvidenceSources): Promise<Evidence> {
  const most = mostPages(sources.dispute.network);
  let words = '';
  for (const { hasLog, share } of lengths) {
    const shortened = { ...sources, records: newestOf(sources.records, share) };
    const fields = evidenceFields(shortened, hasLog);
    const document = writeDocument(shortened);
    const { bytes: pdf, pages } = await setPdfAside(document);
    // What stands at Stripe already goes with it.
    const texts = { ...sources.dispute.evidence, ...fields };
    const letters = Object.values(texts).reduce((sum, text) => sum + text.length, 0);
    const all = pages + textPages(texts);
    words = `${all} pages, ${(pdf.length / 1024 / 1024).toFixed(1)} MB and ${letters.toLocaleString('en-US')} letters`;
    if (letters > ALL_TEXT || pdf.length > FILE_BYTES || all > most) continue;
    return {
      fields,
      name: `evidence-${sources.dispute.id}.pdf`,
      pdf,
      pages,
      sha256: sha256(pdf),
      basis: fingerprint([fields, document]),
      hasUse: sources.records.reports.length + sources.records.usageDays.length > 0,
    };
  }
  throw new UserError(
    'invalid',
    `The evidence would be ${words}, and of this card’s network Stripe takes ${most} pages, 4.5 MB and ${ALL_TEXT.toLocaleString('en-US')} letters.`,
    'Say it shorter: in the note, or in the policies under disputes: in lucy.config.yml.',
  );
}

function newestOf(records: EvidenceRecords, share: number): EvidenceRecords {
  if (share === 1) return records;
  const some = <T>(rows: readonly T[]): T[] => rows.slice(-Math.ceil(rows.length * share) || rows.length);
  return {
    use: records.use,
    reports: some(records.reports),
    usageDays: some(records.usageDays),
    changes: some(records.changes),
    payments: some(records.payments),
  };
}
