import { type Clock, SECOND_MS } from '#src/core/clock.ts';

/**
 * Short, so that the work of a killed process is taken up within seconds; a living one keeps it alive while it waits
 * for Stripe. Losing it is harmless: a worker without its lease cannot commit.
 */
export const LEASE_MS = 6 * SECOND_MS;
const RENEW_EVERY_MS = 2 * SECOND_MS;

/** Renews a lease until told to stop. One that was lost stays lost. */
export function keepLease(renew: (until: number) => Promise<unknown>, clock: Clock): () => void {
  const renewing = setInterval(() => {
    renew(clock.now() + LEASE_MS).catch(() => {});
  }, RENEW_EVERY_MS);
  return () => clearInterval(renewing);
}
