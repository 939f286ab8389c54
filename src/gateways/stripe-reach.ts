import { errorMessage } from '#src/core/errors.ts';

export type Reach = { state: 'ok' | 'degraded'; detail: string };

const TIMEOUT_MS = 5_000;

/** Whether Stripe answers at all, asked in the background so that neither a start nor `/health` ever waits for it. */
export function createStripeReach(options: { secretKey: string; apiBase: string }) {
  let reach: Reach = { state: 'degraded', detail: 'Stripe has not been asked yet.' };

  async function look(): Promise<Reach> {
    try {
      const response = await fetch(`${options.apiBase}/v1/account`, {
        headers: { authorization: `Bearer ${options.secretKey}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (response.status === 401) return { state: 'degraded', detail: 'Stripe refuses STRIPE_SECRET_KEY.' };
      if (response.status >= 500) return { state: 'degraded', detail: `Stripe answers ${response.status}.` };
      return { state: 'ok', detail: 'Stripe answers.' };
    } catch (error) {
      return { state: 'degraded', detail: `Stripe cannot be reached: ${errorMessage(error)}` };
    }
  }

  return {
    read: () => reach,
    async refresh(): Promise<void> {
      reach = await look();
    },
  };
}
