import { type Agent, request } from 'node:http';

export type Sent = {
  /** Null when no answer came. */
  status: number | null;
  body: string;
  error: string | null;
  durationMs: number;
};

/** Stripe waits a while, then calls it a failure; redirects are failures too. */
const patienceMs = 10_000;

/** Answers longer than this are not kept. */
const longestAnswer = 16_384;

/** One POST to the endpoint. Never throws: a failure is an answer of its own. */
export function sendWebhook(
  url: string,
  body: string,
  headers: Record<string, string>,
  agent: Agent,
): Promise<Sent> {
  const started = performance.now();
  return new Promise((resolve) => {
    const finish = (sent: Omit<Sent, 'durationMs'>) =>
      resolve({ ...sent, durationMs: Math.round(performance.now() - started) });
    const failed = (error: Error) => finish({ status: null, body: '', error: error.message });
    try {
      const outgoing = request(
        url,
        {
          method: 'POST',
          agent,
          timeout: patienceMs,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        },
        (incoming) => {
          let answer = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk: string) => {
            if (answer.length < longestAnswer) answer += chunk;
          });
          incoming.on('end', () =>
            finish({ status: incoming.statusCode ?? null, body: answer, error: null }),
          );
          incoming.on('error', failed);
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('Timed out waiting for an answer')));
      outgoing.on('error', failed);
      outgoing.end(body);
    } catch (error) {
      failed(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
