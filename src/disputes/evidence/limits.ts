/** docs.stripe.com/api/disputes/update; the files' limit is for all of them together. */
export const LONG_TEXT = 20_000;
export const SHORT_TEXT = 5_000;
export const ALL_TEXT = 150_000;
export const FILE_BYTES = 4.5 * 1024 * 1024;
/** Stripe takes fewer than this. */
export const FILE_PAGES = 50;

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
