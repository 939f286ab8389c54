import type { Sql } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import { claimResend, listDueResends, updateResend, type WebhookResendRow } from '#db/webhook-resends.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { backoffMs } from '#src/billing-events/backoff.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { HOUR_MS, MINUTE_MS } from '#src/core/clock.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { StripeAway, StripeRefused, StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import type { FetchedEndpoint } from '#src/gateways/stripe-webhook-calls.ts';
import { postMessage } from '#src/outbox/post.ts';
import { ourEndpoints, whyEndpointsAreHidden } from './endpoints.ts';
import { readPublicUrl } from './public-url.ts';

/** So long Lucy asks again when Stripe does not answer. */
const GIVE_UP_MS = HOUR_MS;
/** Longer than a request to Stripe may take; then the process that had it is taken for dead. */
const SENDING_MS = 2 * MINUTE_MS;

/**
 * The one endpoint that Stripe should send to.
 *
 * @throws UserError when none sends here, several do, it is disabled, or Stripe does not tell
 */
export async function requireEndpoint(
  sql: Sql,
  stripe: StripeGateway,
  wanted: string | undefined,
): Promise<FetchedEndpoint> {
  const ours = ourEndpoints(await listEndpoints(stripe), await readPublicUrl(sql));
  const named = wanted === undefined ? ours : ours.filter(({ id }) => id === wanted);
  const [endpoint, another] = named;
  if (!endpoint)
    throw new UserError(
      'not_found',
      wanted === undefined
        ? 'Stripe has no webhook endpoint that sends to Lucy.'
        : `${wanted} is no webhook endpoint at Stripe that sends to Lucy.`,
      'Look at it in Stripe’s dashboard under Developers, Webhooks; “webhook replay” needs no endpoint.',
    );
  if (another)
    throw new UserError(
      'usage',
      `Several endpoints send to Lucy: ${named.map(({ id }) => id).join(', ')}.`,
      'Say which one with --endpoint.',
      { endpoint: 'Several endpoints send to Lucy: say which one.' },
    );
  if (endpoint.isEnabled) return endpoint;
  throw new UserError(
    'unavailable',
    `The endpoint ${endpoint.id} is disabled, so Stripe would send nothing.`,
    'Enable it in Stripe’s dashboard under Developers, Webhooks; “webhook replay” works without it.',
  );
}

async function listEndpoints(stripe: StripeGateway): Promise<FetchedEndpoint[]> {
  try {
    return await stripe.webhooks.listWebhookEndpoints();
  } catch (error) {
    const hidden = whyEndpointsAreHidden(error);
    throw hidden ? new UserError('unavailable', hidden.message, hidden.hint) : error;
  }
}

/** Asks Stripe for what was decided, outside of any transaction. Asking twice is harmless: an event counts once. */
export async function sendResends(deps: BillingDeps): Promise<number> {
  const rows = await listDueResends(deps.database.knex, deps.clock.now(), 20);
  for (const row of rows) await sendOne(deps, row);
  return rows.length;
}

async function sendOne(deps: BillingDeps, row: WebhookResendRow): Promise<void> {
  const now = deps.clock.now();
  if (!(await claimResend(deps.database.knex, row, now + SENDING_MS))) return;
  try {
    await deps.stripe.webhooks.resendEvent(row.event_id, row.endpoint_id);
    await updateResend(deps.database.knex, row.run_id, { state: 'sent', ended_at: now, error: null });
  } catch (error) {
    const isAway = error instanceof StripeAway;
    if (!isAway && !(error instanceof StripeSaidNo) && !(error instanceof StripeRefused)) throw error;
    if (isAway && now < row.created_at + GIVE_UP_MS) {
      const attempts = row.attempts + 1;
      const pause = Math.max(error.retryAfterMs ?? 0, backoffMs(attempts));
      const patch = { attempts, next_attempt_at: now + pause, error: errorMessage(error) };
      return updateResend(deps.database.knex, row.run_id, patch);
    }
    await tellRefused(deps, row, errorMessage(error), now);
  }
}

/** Stripe publishes no request for this; the one that its own command line makes may end any day. */
async function tellRefused(
  deps: BillingDeps,
  row: WebhookResendRow,
  problem: string,
  now: number,
): Promise<void> {
  await inTransaction(deps.database, async (sql) => {
    await updateResend(sql, row.run_id, { state: 'refused', ended_at: now, error: problem });
    await postMessage(
      sql,
      { ...scheduleCause(now, 'Stripe was asked to send an event again'), correlationId: row.correlation_id },
      {
        dedupeKey: `resend:${row.run_id}`,
        target: 'oncall',
        reply: {
          tone: 'warning',
          title: `Stripe did not send ${row.event_id} again, as ${row.requested_by} had asked: ${problem}`,
          hint: 'Send it again in Stripe’s dashboard (Developers, Events), or let Lucy handle it from Stripe’s list with “webhook replay”.',
          buttons: [{ kind: 'command', label: 'Replay', line: `webhook replay ${row.event_id}` }],
          correlationId: row.correlation_id,
        },
      },
    );
  });
}
