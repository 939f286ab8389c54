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
