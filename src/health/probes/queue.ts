import { oldestUnsentAt } from '#db/outbox.ts';
import { measureQueue } from '#db/stripe-event-reports.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { down, ok, type Probe } from '../probe.ts';

/** Events that nobody handles, and messages that nobody sends: a worker that stands still looks healthy otherwise. */
export const queue: Probe = {
  id: 'queue',
  title: 'Queue',
  effect: 'Tiers, credits and messages are late.',
  firstStep: 'Look whether a worker runs, and at “webhook failed” for what it stumbles over.',
  async look({ sql, settings, now }) {
    const limit = settings.health.backlog_minutes * MINUTE_MS;
    const waits = [
      { what: 'Stripe event', since: (await measureQueue(sql)).since },
      { what: 'message', since: await oldestUnsentAt(sql) },
    ];
    const late = waits.flatMap(({ what, since }) =>
      since !== null && now - since > limit ? [`the oldest ${what} waits for ${spanWords(now - since)}`] : [],
    );
    return late.length > 0
      ? down(`Work stands still: ${late.join(', and ')}.`)
      : ok('Nothing waits for long.');
  },
};
