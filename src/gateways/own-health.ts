import { askUrl } from './ask-url.ts';

export type OwnHealth = { isHealthy: boolean; detail: string };

/** Whether Lucy can be reached from outside where Stripe reaches her, and takes what is sent there. */
export async function askOwnHealth(publicUrl: string): Promise<OwnHealth> {
  const url = `${publicUrl.replace(/\/+$/, '')}/health`;
  const answer = await askUrl(url);
  if (answer.status === null)
    return { isHealthy: false, detail: `${url} cannot be reached: ${answer.problem}` };
  return answer.status === 200
    ? { isHealthy: true, detail: `${url} answers.` }
    : { isHealthy: false, detail: `${url} answers ${answer.status}.` };
}
