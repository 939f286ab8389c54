import { apiVersion } from '../api-version.ts';
import type { StripeRefusal } from './stripe-refusal.ts';

/** An answer of the API, ready to be sent or to be replayed. */
export type Reply = { status: number; body: string; headers: Record<string, string> };

/** Stripe prints its JSON with two spaces. */
export function goodReply(body: unknown, requestId: string): Reply {
  return { status: 200, body: JSON.stringify(body, null, 2), headers: headersFor(requestId) };
}

/** The error envelope: https://docs.stripe.com/api/errors */
export function refusalReply(
  refusal: StripeRefusal,
  request: { id: string; at: number; livemode: boolean },
): Reply {
  const { code } = refusal.body;
  const mode = request.livemode ? '' : 'test/';
  const error = {
    ...(code ? { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` } : {}),
    ...refusal.body,
    request_log_url: `https://dashboard.stripe.com/${mode}logs/${request.id}?t=${request.at}`,
  };
  return {
    status: refusal.status,
    body: JSON.stringify({ error }, null, 2),
    headers: { ...headersFor(request.id), ...refusal.headers },
  };
}

function headersFor(requestId: string): Record<string, string> {
  return { 'content-type': 'application/json', 'request-id': requestId, 'stripe-version': apiVersion };
}
