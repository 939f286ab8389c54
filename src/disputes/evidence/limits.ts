/** docs.stripe.com/api/disputes/update; the files' limit is for all of them together. */
export const LONG_TEXT = 20_000;
const SHORT_TEXT = 5_000;
export const ALL_TEXT = 150_000;
export const FILE_BYTES = 4.5 * 1024 * 1024;
/**
 * Pages that a network takes, texts and files together. Where it is not known, and of a network that is not here, the
 * fewest: docs.stripe.com/disputes/best-practices (fewer than 50; Mastercard 19), American Express 20.
 */
const pagesOf: Readonly<Record<string, number>> = {
  visa: 49,
  amex: 20,
  american_express: 20,
  mastercard: 19,
};
const FEWEST_PAGES = 19;

export function mostPages(network: string | null): number {
  return pagesOf[network ?? ''] ?? FEWEST_PAGES;
}

/** How the texts are set is Stripe's; rather too many than too few. */
const LINE_LETTERS = 80;
const PAGE_LINES = 40;
const HEADING_LINES = 3;

/** How many pages Stripe may make of the texts (changelog of 2026-09-30: it counts them with the files). */
export function textPages(fields: Readonly<Record<string, string>>): number {
  const lines = Object.values(fields).flatMap((text) =>
    text.split('\n').map((line) => Math.max(1, Math.ceil(line.length / LINE_LETTERS))),
  );
  const all = lines.reduce((sum, count) => sum + count, Object.keys(fields).length * HEADING_LINES);
  return Math.ceil(all / PAGE_LINES);
}

const short = new Set([
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_id',
  'service_date',
]);

/** How many letters Stripe takes in a field. */
export function mostLetters(field: string): number {
  return short.has(field) ? SHORT_TEXT : LONG_TEXT;
}
