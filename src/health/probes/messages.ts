import { oldestUnsentAt } from '#db/outbox.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { down, ok, type Probe } from '../probe.ts';

/** Messages that nobody sends; apart from Stripe’s events, so that the one does not hide the other. */
export const messages: Probe = {
  id: 'messages',
  title: 'Messages that wait',
  effect: 'Messages, cards and calls in Slack are late.',
  firstStep: 'Look whether a worker runs, and whether Slack takes messages.',
  async look({ sql, settings, now }) {
    const since = await oldestUnsentAt(sql);
    const isLate = since !== null && now - since > settings.health.backlog_minutes * MINUTE_MS;
    return isLate
      ? down(`Work stands still: the oldest message waits for ${spanWords(now - since)}.`)
      : ok('Nothing waits for long.');
  },
};
