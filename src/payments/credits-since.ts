import type { Sql } from '#db/connection.ts';
import { readInstallation } from '#db/installation.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';

/** Stripe's webhooks may reach us minutes after a payment, and clocks differ: the first start looks back this far. */
const FIRST_START_SLACK_MS = 5 * MINUTE_MS;

/** From when on payments bring credits, in milliseconds (DESIGN section 10: going live). */
export function creditsSinceOf(settings: Settings, firstStart: number): number {
  const { credits_since } = settings.billing;
  return credits_since ? Date.parse(credits_since) : firstStart - FIRST_START_SLACK_MS;
}

/** The same from the database; an installation that never started grants nothing yet. */
export async function readCreditsSince(sql: Sql, settings: Settings, now: number): Promise<number> {
  const first = await readInstallation(sql, 'first_started_at');
  return creditsSinceOf(settings, first === null ? now : Number(first));
}
