import { StripeRefused } from '#src/gateways/stripe-errors.ts';
import type { FetchedEndpoint } from '#src/gateways/stripe-webhook-calls.ts';

/** DESIGN section 9: where Lucy takes webhooks. */
const WEBHOOK_PATH = '/api/billing/webhook';

/** Those of Stripe's endpoints that send to Lucy: to her public address, or, where none is set, to such a path. */
export function ourEndpoints(
  endpoints: readonly FetchedEndpoint[],
  publicUrl: string | null,
): FetchedEndpoint[] {
  const sendHere = endpoints.filter(
    ({ url }) => URL.parse(url)?.pathname.replace(/\/+$/, '') === WEBHOOK_PATH,
  );
  const host = publicUrl === null ? null : URL.parse(publicUrl)?.host;
  return host ? sendHere.filter(({ url }) => URL.parse(url)?.host === host) : sendHere;
}

/**
 * What to say when Stripe does not let the key read its endpoints, as a restricted key may not unless somebody gave it
 * the right (docs.stripe.com/keys/restricted-api-keys); null for any other trouble.
 */
export function whyEndpointsAreHidden(error: unknown): { message: string; hint: string } | null {
  if (!(error instanceof StripeRefused)) return null;
  return {
    message: 'Stripe does not let STRIPE_SECRET_KEY read webhook endpoints.',
    hint: 'Give the restricted key “Webhook Endpoints: Read” in Stripe’s dashboard under Developers, API keys; “webhook replay” works without it.',
  };
}
