import type { Sql } from '#db/connection.ts';
import { closeFinding } from '#db/findings.ts';
import { countEventsByType } from '#db/stripe-event-reports.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, formatUtc } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { counted, listed } from '#src/core/text.ts';
import { raiseFinding } from '#src/findings/open.ts';
import { isStripeTrouble, StripeRefused } from '#src/gateways/stripe-errors.ts';
import type { FetchedEndpoint } from '#src/gateways/stripe-webhook-calls.ts';
import { postMessage } from '#src/outbox/post.ts';
import { ourEndpoints } from './endpoints.ts';
import { readPublicUrl } from './public-url.ts';
import { findUndelivered, stillLost, type UndeliveredEvent } from './undelivered.ts';

const buttons = [
  { kind: 'command' as const, label: 'Webhook health', line: 'webhook health' },
  { kind: 'command' as const, label: 'What failed', line: 'webhook failed' },
];

/**
 * Looks whether Stripe's webhooks arrive and can be handled, and tells on-call once when they do not, and once when
 * they do again (playbook, webhook failure recovery 1).
 */
export async function watchDelivery(deps: BillingDeps): Promise<void> {
  const now = deps.clock.now();
  const sql = deps.database.knex;
  try {
    const endpoints = await listEndpoints(deps);
    const since = now - deps.settings.webhooks.undelivered_days * DAY_MS;
    const lost = await stillLost(sql, await findUndelivered(sql, deps.stripe, { since, now }));
    const ours = ourEndpoints(endpoints, await readPublicUrl(sql));
    await inTransaction(deps.database, async (trx) => {
      const cause = scheduleCause(now, 'Lucy looked whether Stripe’s webhooks arrive');
      for (const endpoint of ours) await tellEndpoint(trx, cause, endpoint);
      await tellLost(trx, cause, deps.settings.webhooks.alert_at, lost);
    });
  } catch (error) {
    if (!isStripeTrouble(error)) throw error;
    deps.log.warn({ event: 'webhook_watch_postponed', err: error }, errorMessage(error));
  }
}

/** None when the key may not read them: then only deliveries are watched. */
async function listEndpoints({ stripe, log }: BillingDeps): Promise<FetchedEndpoint[]> {
  try {
    return await stripe.webhooks.listWebhookEndpoints();
  } catch (error) {
    if (!(error instanceof StripeRefused)) throw error;
    log.info(
      { event: 'webhook_endpoints_unread', err: error },
      'The Stripe key may not read webhook endpoints',
    );
    return [];
  }
}

async function tellEndpoint(sql: Sql, cause: Cause, endpoint: FetchedEndpoint): Promise<void> {
  const kind = 'webhook_endpoint_disabled';
  if (!endpoint.isEnabled) {
    await raiseFinding(sql, cause, {
      kind,
      subject: endpoint.id,
      customerId: null,
      summary: `Stripe sends Lucy nothing any more: the webhook endpoint ${endpoint.id} (${endpoint.url}) is disabled.`,
      hint: 'Enable it in Stripe’s dashboard under Developers, Webhooks. Until then Lucy asks Stripe for its events every minute.',
      evidence: endpoint,
      tell: 'oncall',
      buttons,
    });
    return;
  }
  if (!(await closeFinding(sql, kind, endpoint.id, cause.now))) return;
  await tellRecovered(sql, cause, kind, `The webhook endpoint ${endpoint.id} is enabled again.`);
}

async function tellLost(
  sql: Sql,
  cause: Cause,
  alertAt: number,
  lost: readonly UndeliveredEvent[],
): Promise<void> {
  const kind = 'webhooks_undelivered';
  const here = await countEventsByType(sql, ['failed', 'dead'], 0);
  const failed = here.reduce((sum, row) => sum + row.count, 0);
  const count = lost.length + failed;
  if (count >= alertAt) {
    const since = Math.min(...lost.map((event) => event.createdAt), ...here.map((row) => row.since));
    const parts = [
      ...(lost.length > 0 ? [`${counted(lost.length, 'event')} did not reach Lucy`] : []),
      ...(failed > 0 ? [`${counted(failed, 'event')} failed here`] : []),
    ];
    await raiseFinding(sql, cause, {
      kind,
      subject: 'stripe',
      customerId: null,
      summary: `Stripe’s webhooks are in trouble since ${formatUtc(since)}: ${listed(parts)}.`,
      hint: `Find the cause with “webhook health” and mend it. ${whatIsLeft(lost, failed)}`,
      evidence: {
        undelivered: lost.slice(0, 20).map((event) => event.id),
        undeliveredCount: lost.length,
        failed,
      },
      tell: 'oncall',
      buttons,
    });
    return;
  }
  // Not at the first event fewer, or it would be told again and again around the threshold.
  if (count > alertAt / 2 || !(await closeFinding(sql, kind, 'stripe', cause.now))) return;
  const left = count === 0 ? 'nothing is lost or failed' : `${counted(count, 'event')} still lost or failed`;
  await tellRecovered(sql, cause, kind, `Stripe’s webhooks are well again: ${left}.`);
}

/** Lucy asks Stripe for lost events by herself, so often nothing is left to replay. */
function whatIsLeft(lost: readonly UndeliveredEvent[], failed: number): string {
  const fetched = lost.filter((event) => event.known !== null).length;
  const left = lost.length - fetched + failed;
  const had = fetched > 0 ? `${counted(fetched, 'event')} Lucy has fetched herself already. ` : '';
  return left > 0
    ? `${had}Then “webhook replay --failed” for the ${left} that are left.`
    : `${had}Nothing is left to replay.`;
}

async function tellRecovered(sql: Sql, cause: Cause, kind: string, title: string): Promise<void> {
  await postMessage(sql, cause, {
    dedupeKey: `recovered:${kind}:${cause.correlationId}`,
    target: 'oncall',
    reply: { tone: 'done', title, correlationId: cause.correlationId },
  });
}
