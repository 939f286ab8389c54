import { measureQueue } from '#db/stripe-event-reports.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { down, ok, type Probe } from '../probe.ts';

/** Events that nobody handles: a worker that stands still looks healthy otherwise. */
export const queue: Probe = {
  id: 'queue',
  title: 'Queue',
  effect: 'Tiers and credits are late.',
  firstStep: 'Look whether a worker runs, and at “webhook failed” for what it stumbles over.',
  async look({ sql, settings, now }) {
    const { since } = await measureQueue(sql);
    const isLate = since !== null && now - since > settings.health.backlog_minutes * MINUTE_MS;
    return isLate
      ? down(`Work stands still: the oldest Stripe event waits for ${spanWords(now - since)}.`)
      : ok('Nothing waits for long.');
  },
};
