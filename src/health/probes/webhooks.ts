import {
  countBySource,
  countEventsByType,
  countFetchedSince,
  lastWebhookAt,
} from '#db/stripe-event-reports.ts';
import { sumRejectsSince } from '#db/webhook-rejects.ts';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { degraded, down, ok, type Probe } from '../probe.ts';

/** Fewer deliveries than this say nothing about a rate. */
const RATE_MIN = 10;
/** So many events that only the poll found are no accident. */
const LOST_MIN = 3;

/** Whether Stripe's webhooks still come, and how many of them are refused or fail. */
export const webhooks: Probe = {
  id: 'webhooks',
  title: 'Stripe’s webhooks',
  effect: 'Upgrades arrive up to a few minutes late, as Lucy has to ask Stripe for them.',
  firstStep: 'Look at the cause with “webhook health”.',
  async look({ sql, settings, now }) {
    const since = now - HOUR_MS;
    const { webhook = 0, poll = 0 } = await countBySource(sql, since);
    const arrivedAt = await lastWebhookAt(sql);
    const fetched = await countFetchedSince(sql, Math.max(arrivedAt ?? 0, now - DAY_MS));
    if (fetched >= LOST_MIN)
      return down(`No webhook brought the last ${fetched} events; Lucy fetched them from Stripe herself.`);
    const rejects = Object.values(await sumRejectsSince(sql, since)).reduce((sum, count) => sum + count, 0);
    const failed = (await countEventsByType(sql, ['failed', 'dead'], since)).reduce(
      (sum, row) => sum + row.count,
      0,
    );
    const all = webhook + poll + rejects;
    const percent = all === 0 ? 0 : Math.round(((rejects + failed) / all) * 100);
    const said = `${webhook} came within the last hour, ${rejects} were refused and ${failed} failed.`;
    return all >= RATE_MIN && percent >= settings.health.webhook_failure_percent
      ? degraded(`${percent} % of Stripe’s webhooks go wrong: ${said}`)
      : ok(said);
  },
};
