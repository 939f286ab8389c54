import { listUntoldQuarantined } from '#db/stripe-event-queue.ts';
import { updateEvent } from '#db/stripe-events.ts';
import { inTransaction } from '#db/transaction.ts';
import { stripeActor } from '#src/core/actor.ts';
import { isoTime } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { BillingDeps } from './deps.ts';

/** Tells on-call of events set apart for their mode or account; at most one message an hour, however many come. */
export async function tellQuarantined(deps: BillingDeps): Promise<number> {
  const events = await listUntoldQuarantined(deps.database.knex, 100);
  const first = events[0];
  if (!first) return 0;
  const now = deps.clock.now();
  const cause = {
    actor: stripeActor,
    surface: 'job' as const,
    correlationId: first.correlation_id,
    reason: 'Quarantine',
    ticket: null,
    runId: null,
    now,
  };
  await inTransaction(deps.database, async (sql) => {
    for (const event of events)
      await updateEvent(sql, event.id, { outcome: `Told on-call at ${isoTime(now)}.` });
    await postMessage(sql, cause, {
      dedupeKey: `quarantine:${isoTime(now).slice(0, 13)}`,
      target: 'oncall',
      reply: {
        tone: 'warning',
        title: `${counted(events.length, 'webhook event')} of another mode or account came to this endpoint and was set apart without effect.`,
        facts: [
          { label: 'First', value: { code: first.id } },
          {
            label: 'Mode',
            value: `${first.mode}${first.account ? `, account ${first.account}` : ''}; this Lucy runs in ${deps.mode} mode`,
          },
        ],
        hint: 'Check at Stripe which endpoint sends here: test and live need one each.',
        correlationId: first.correlation_id,
      },
    });
  });
  return events.length;
}
