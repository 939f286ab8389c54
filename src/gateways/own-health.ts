import { errorMessage } from '#src/core/errors.ts';

export type OwnHealth = { isHealthy: boolean; detail: string };

const TIMEOUT_MS = 5_000;

/** Whether Lucy can be reached from outside where Stripe reaches her, and takes what is sent there. */
export async function askOwnHealth(publicUrl: string): Promise<OwnHealth> {
  const url = `${publicUrl.replace(/\/+$/, '')}/health`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' });
    await response.body?.cancel();
    return response.status === 200
      ? { isHealthy: true, detail: `${url} answers.` }
      : { isHealthy: false, detail: `${url} answers ${response.status}.` };
  } catch (error) {
    return { isHealthy: false, detail: `${url} cannot be reached: ${errorMessage(error)}` };
  }
}
