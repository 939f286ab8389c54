import type { Sql } from '#db/connection.ts';
import { readInstallation } from '#db/installation.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { askOwnHealth } from '#src/gateways/own-health.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import { readPublicUrl } from './public-url.ts';

/** Beyond it every signature is refused: docs.stripe.com/webhooks#verify-official-libraries. */
const SKEW_MAX_MS = 5 * MINUTE_MS;

export type Probe = { isHealthy: boolean; detail: string };

/**
 * Whether the endpoint can do its work: Lucy's own `/health` as Stripe would reach it, or, where PUBLIC_URL is not
 * set, the database alone; and Stripe, with a clock that agrees with ours.
 */
export async function probeHealth(sql: Sql, stripe: StripeGateway | null, now: number): Promise<Probe> {
  const publicUrl = await readPublicUrl(sql);
  const here = publicUrl ? await askOwnHealth(publicUrl) : await askDatabase(sql);
  if (!here.isHealthy) return here;
  const clock = await compareClocks(stripe, now);
  return { isHealthy: clock.isHealthy, detail: `${here.detail} ${clock.detail}` };
}

/** @throws UserError `unavailable` when the probe does not pass: then nothing is replayed. */
export async function requireHealthy(sql: Sql, stripe: StripeGateway | null, now: number): Promise<string> {
  const probe = await probeHealth(sql, stripe, now);
  if (probe.isHealthy) return probe.detail;
  throw new UserError(
    'unavailable',
    `Nothing is replayed until the endpoint is well again: ${probe.detail}`,
    'Mend that first; “webhook health” shows when it is.',
  );
}

async function askDatabase(sql: Sql): Promise<Probe> {
  await readInstallation(sql, 'health_probe');
  return {
    isHealthy: true,
    detail: 'The database answers; PUBLIC_URL is not set, so /health was not asked.',
  };
}

async function compareClocks(stripe: StripeGateway | null, now: number): Promise<Probe> {
  if (!stripe)
    return { isHealthy: true, detail: 'STRIPE_SECRET_KEY is not set, so the clocks were not compared.' };
  try {
    const theirs = await stripe.webhooks.stripeTime();
    if (theirs === null) return { isHealthy: true, detail: 'Stripe answers, and does not tell the time.' };
    const skew = now - theirs;
    if (Math.abs(skew) <= SKEW_MAX_MS)
      return { isHealthy: true, detail: 'Stripe answers, and its clock agrees with ours.' };
    const off = `${spanWords(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'}`;
    return {
      isHealthy: false,
      detail: `This machine’s clock is ${off} Stripe’s, so every signature is refused.`,
    };
  } catch (error) {
    if (!isStripeTrouble(error)) throw error;
    return { isHealthy: false, detail: `Stripe does not answer: ${errorMessage(error)}.` };
  }
}
