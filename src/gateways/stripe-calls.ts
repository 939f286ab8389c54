import Stripe from 'stripe';
import { StripeAway, StripeRefused } from './stripe-errors.ts';

/** Of one call. Slack is answered long before, and a worker keeps its lease longer. */
export const TIMEOUT_MS = 10_000;
const PAGES_MAX = 100;

export type StripeError = InstanceType<typeof Stripe.errors.StripeError>;

export function addressOf(apiBase: string): { host: string; port: string; protocol: 'http' | 'https' } {
  const url = new URL(apiBase);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return { host: url.hostname, port: url.port || (protocol === 'http' ? '80' : '443'), protocol };
}

export async function collectPages<T extends { id: string }>(
  page: (after: { starting_after?: string }) => Promise<{ data: T[]; has_more: boolean }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let count = 0; count < PAGES_MAX; count++) {
    const last = all.at(-1);
    const { data, has_more } = await page(last ? { starting_after: last.id } : {});
    all.push(...data);
    if (!has_more || data.length === 0) return all;
  }
  throw new Error(`Stripe listed more than ${PAGES_MAX} pages`);
}

/** “No such object” is an answer; away and too fast are to be tried again; the rest is a defect or a setting. */
export async function orMissing<T>(
  call: () => Promise<T>,
  onCall?: (ok: boolean) => void,
): Promise<T | null> {
  try {
    const answer = await call();
    onCall?.(true);
    return answer;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') {
      onCall?.(true);
      return null;
    }
    onCall?.(false);
    if (
      error instanceof Stripe.errors.StripeAuthenticationError ||
      error instanceof Stripe.errors.StripePermissionError
    )
      throw new StripeRefused(error.message);
    throw isAway(error)
      ? new StripeAway(error.message, retryAfterOf(error), 'not_done', isTooFast(error))
      : error;
  }
}

export function isAway(error: unknown): error is StripeError {
  return (
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeRateLimitError ||
    error instanceof Stripe.errors.StripeAPIError ||
    (error instanceof Stripe.errors.StripeError && (error.statusCode ?? 0) >= 500)
  );
}

function isTooFast(error: StripeError): boolean {
  return error instanceof Stripe.errors.StripeRateLimitError;
}

export function retryAfterOf(error: StripeError): number | null {
  const seconds = Number(error.headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}
