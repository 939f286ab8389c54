import { createHmac } from 'node:crypto';

/**
 * The `Stripe-Signature` header: HMAC-SHA256 over `"<t>.<raw body>"`, one v1 for each secret while rolling.
 * https://docs.stripe.com/webhooks#verify-manually
 */
export function signatureHeader(body: string, secrets: string[], timestamp: number): string {
  const parts = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')}`,
  );
  return [`t=${timestamp}`, ...parts].join(',');
}

/** What Stripe sends beside it. */
export function webhookHeaders(body: string, secrets: string[], timestamp: number): Record<string, string> {
  return {
    accept: '*/*; q=0.5, application/xml',
    'cache-control': 'no-cache',
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': signatureHeader(body, secrets, timestamp),
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  };
}
