import type { Sql } from '#db/connection.ts';
import { countAcceptedBySlot } from '#db/stripe-event-reports.ts';
import { findStripeEvent, type StripeEventRow } from '#db/stripe-events.ts';
import { listRejectsSince } from '#db/webhook-rejects.ts';
import { formatUtc, HOUR_MS } from '#src/core/clock.ts';
import { type Diagnosis, diagnoseRejects } from '#src/event-recovery/diagnose-rejects.ts';
import { ourEndpoints } from '#src/event-recovery/endpoints.ts';
import { readPublicUrl } from '#src/event-recovery/public-url.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import type { FetchedEndpoint } from '#src/gateways/stripe-webhook-calls.ts';
import type { Evidence } from './evidence.ts';

/** What of Stripe’s side goes into a ticket there; the endpoints are null when Stripe could not be asked. */
export type StripeSide = { endpoints: FetchedEndpoint[] | null; diagnosis: Diagnosis | null };

/** Runbook section 5: refused signatures are diagnosed before anybody opens a ticket at Stripe. */
export async function readStripeSide(
  sql: Sql,
  stripe: StripeGateway | null,
  now: number,
): Promise<StripeSide> {
  const rejects = await listRejectsSince(sql, now - HOUR_MS);
  const accepted = await countAcceptedBySlot(sql, now - HOUR_MS);
  return { endpoints: await askEndpoints(sql, stripe), diagnosis: diagnoseRejects(rejects, accepted) };
}

async function askEndpoints(sql: Sql, stripe: StripeGateway | null): Promise<FetchedEndpoint[] | null> {
  if (!stripe) return null;
  try {
    return ourEndpoints(await stripe.webhooks.listWebhookEndpoints(), await readPublicUrl(sql));
  } catch (error) {
    if (isStripeTrouble(error)) return null;
    throw error;
  }
}

/**
 * The text for support.stripe.com: what Stripe’s people ask for first, and no customer’s email, because their ids are
 * enough there.
 */
export async function stripeTicket(
  sql: Sql,
  given: { about: string; subject: string; mode: string; now: number },
  evidence: Evidence,
  { endpoints, diagnosis }: StripeSide,
): Promise<string> {
  const named = given.subject.startsWith('evt_') ? await findStripeEvent(sql, given.subject) : undefined;
  const events = [
    ...new Map([...(named ? [named] : []), ...evidence.failing].map((row) => [row.id, row])).values(),
  ];
  const requests = [...new Set(events.flatMap(requestOf))];
  const id = given.subject.includes('@') ? [] : [given.subject].filter(Boolean);
  return [
    given.about,
    '',
    `Account mode: ${given.mode}`,
    `Webhook endpoints: ${endpointWords(endpoints)}`,
    ...evidence.stripeCustomerIds.map((customer) => `Customer: ${customer}`),
    ...id.map((other) => `Object: ${other}`),
    ...events.map(
      (row) =>
        `Event: ${row.id} (${row.type}), created ${formatUtc(row.created_at)}, received ${formatUtc(row.received_at)}, delivered ${row.delivery_count} times, ${row.status}`,
    ),
    ...requests.map((request) => `Request: ${request}`),
    `What we found ourselves: ${diagnosis ? `${diagnosis.sentence} ${diagnosis.hint}` : 'no webhook of the last hour was refused for its signature.'}`,
    `Written at ${formatUtc(given.now)}.`,
  ].join('\n');
}

function endpointWords(endpoints: FetchedEndpoint[] | null): string {
  if (endpoints === null) return 'Stripe could not be asked for them just now; look them up in its dashboard';
  if (endpoints.length === 0) return 'none sends to us';
  return endpoints
    .map(({ id, url, isEnabled }) => `${id} (${url}, ${isEnabled ? 'enabled' : 'disabled'})`)
    .join(', ');
}

/** `request.id` of an event: the call at Stripe that caused it (docs.stripe.com/api/events/object). */
function requestOf({ payload }: StripeEventRow): string[] {
  const { request } = JSON.parse(payload) as { request?: { id?: unknown } | null };
  return typeof request?.id === 'string' && /^req_\w+$/.test(request.id) ? [request.id] : [];
}
