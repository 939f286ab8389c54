import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Stripe from 'stripe';
import { addressOf, isAway, retryAfterOf, type StripeError, TIMEOUT_MS } from './stripe-calls.ts';
import { StripeAway, StripeRefused, StripeSaidNo } from './stripe-errors.ts';

/** Errors before anything left this machine. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/**
 * A Stripe client for what must not happen twice: one request per call, on a connection of its own. The SDK repeats a
 * request by itself when the connection is closed, even with retries off; here that is for Lucy to decide.
 */
export function createSendingClient({ secretKey, apiBase }: { secretKey: string; apiBase: string }): Stripe {
  const address = addressOf(apiBase);
  const agent = address.protocol === 'http' ? new HttpAgent() : new HttpsAgent();
  const inner = Stripe.createNodeHttpClient(agent);
  return new Stripe(secretKey, {
    ...address,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: {
      getClientName: () => inner.getClientName(),
      async makeRequest(...request) {
        try {
          return await inner.makeRequest(...request);
        } catch (error) {
          throw withoutClosedCode(error);
        }
      },
    },
  });
}

/** ECONNRESET and EPIPE are what makes the SDK send again. */
function withoutClosedCode(error: unknown): unknown {
  const code = codeOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE'
    ? new Error(`The connection was closed (${code})`, { cause: error })
    : error;
}

/** Sends, and says in Lucy's words what came of it. */
export async function sendOnce<T>(send: () => Promise<T>, onCall?: (ok: boolean) => void): Promise<T> {
  try {
    const answer = await send();
    onCall?.(true);
    return answer;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const told = tellFailure(error);
    onCall?.(told instanceof StripeSaidNo);
    throw told;
  }
}

function tellFailure(error: StripeError): Error {
  const { message, code, statusCode = 0 } = error;
  if (error instanceof Stripe.errors.StripeConnectionError) {
    const isUnsent = neverSent.has(codeOf(error.detail) ?? '');
    return new StripeAway(message, null, isUnsent ? 'not_done' : 'unknown');
  }
  // Also lock_timeout: turned away before anything was done (docs.stripe.com/rate-limits).
  if (error instanceof Stripe.errors.StripeRateLimitError)
    return new StripeAway(message, retryAfterOf(error), 'not_done');
  if (
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  )
    return new StripeRefused(message);
  // The key is in use: another attempt is under way. Used for other words: what it did then cannot be told from here.
  if (statusCode === 409 || error instanceof Stripe.errors.StripeIdempotencyError)
    return new StripeAway(message, retryAfterOf(error), 'unknown');
  const isKept = error.headers?.['idempotent-replayed'] === 'true';
  if (statusCode >= 500)
    return new StripeAway(message, retryAfterOf(error), isKept ? 'kept_error' : 'server_error');
  // Such as an answer that is no JSON.
  return isAway(error) ? new StripeAway(message, null, 'unknown') : new StripeSaidNo(code ?? null, message);
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;
}
