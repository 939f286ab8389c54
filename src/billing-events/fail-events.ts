import type { Sql } from '#db/connection.ts';
import { type StripeEventRow, updateEvent } from '#db/stripe-events.ts';
import type { Cause } from '#src/core/cause.ts';
import { errorMessage } from '#src/core/errors.ts';
import { clamp } from '#src/core/text.ts';
import { postMessage } from '#src/outbox/post.ts';

/** After this many tries that failed by a defect an event is dead: a person must look. */
export const ATTEMPTS_MAX = 8;

/**
 * Counts a failed try of each event, apart from those that failed because Stripe was away: an outage must not use up
 * the tries of a defect that shows afterwards. The last one makes it dead and tells billing; an event that dies a second time,
 * after a replay, goes to the billing engineering rotation (support runbook section 4, step 4).
 */
export async function failEvents(
  sql: Sql,
  cause: Cause,
  events: readonly StripeEventRow[],
  error: unknown,
  retry: { until: number; countsAsDefect: boolean },
): Promise<void> {
  for (const event of events) {
    const attempts = event.attempts + (retry.countsAsDefect ? 1 : 0);
    const isDead = retry.countsAsDefect && attempts >= ATTEMPTS_MAX;
    await updateEvent(sql, event.id, {
      status: isDead ? 'dead' : retry.countsAsDefect ? 'failed' : 'received',
      attempts,
      ...(retry.countsAsDefect ? { failed_at: cause.now } : {}),
      away_attempts: retry.countsAsDefect ? 0 : event.away_attempts + 1,
      dead_count: event.dead_count + (isDead ? 1 : 0),
      next_attempt_at: retry.until,
      error: clamp(errorMessage(error), 500),
    });
    if (isDead) await tellDead(sql, cause, event);
  }
}

async function tellDead(sql: Sql, cause: Cause, event: StripeEventRow): Promise<void> {
  const isSecond = event.dead_count > 0;
  const title = isSecond
    ? `Webhook event ${event.id} (${event.type}) failed again after its replay: billing engineering must look.`
    : `Webhook event ${event.id} (${event.type}) failed ${ATTEMPTS_MAX} times and was set aside.`;
  await postMessage(sql, cause, {
    dedupeKey: `dead:${event.id}:${event.dead_count + 1}`,
    target: isSecond ? 'oncall' : 'billing',
    reply: {
      tone: 'warning',
      title,
      facts: [
        {
          label: 'Stripe customer',
          value: event.stripe_customer_id ? { code: event.stripe_customer_id } : 'unknown',
        },
      ],
      hint: isSecond
        ? 'Look at the error with “webhook show”, and escalate to billing engineering.'
        : 'Look at the error with “webhook show”, mend the cause, then replay it.',
      buttons: [
        { kind: 'command', label: 'Show the event', line: `webhook show ${event.id}` },
        { kind: 'command', label: 'Replay', line: `webhook replay ${event.id}` },
      ],
      correlationId: event.correlation_id,
    },
  });
}
