import { type ClientRequest, request } from 'node:http';
import type { Answer } from './delivery.ts';

export type HttpPoster = {
  post(url: string, headers: Record<string, string>, rawBody: string, timeoutMs: number): Promise<Answer>;
  close(): void;
};

/** Posts to Lucy over HTTP. No connection is kept, so that a restarted Lucy never meets a stale one. */
export function createPoster(): HttpPoster {
  const open = new Set<ClientRequest>();
  return {
    post: (url, headers, rawBody, timeoutMs) => post(open, url, headers, rawBody, timeoutMs),
    close: () => {
      for (const pending of open) pending.destroy();
    },
  };
}

function post(
  open: Set<ClientRequest>,
  url: string,
  headers: Record<string, string>,
  rawBody: string,
  timeoutMs: number,
): Promise<Answer> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<Answer>();
  let problem: Answer['problem'] = 'connection_failed';
  const sent = request(url, {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'Content-Length': Buffer.byteLength(rawBody) },
  });
  open.add(sent);
  const timer = setTimeout(() => {
    problem = 'timeout';
    sent.destroy();
  }, timeoutMs);
  const finish = (answer: Omit<Answer, 'durationMs'>) => {
    clearTimeout(timer);
    open.delete(sent);
    resolve({ ...answer, durationMs: Math.round(performance.now() - startedAt) });
  };
  const fail = () => finish({ status: null, headers: {}, body: '', problem });
  sent.on('error', fail);
  sent.on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', fail);
    response.on('end', () =>
      finish({
        status: response.statusCode ?? null,
        headers: Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: Buffer.concat(chunks).toString('utf8'),
        problem: null,
      }),
    );
  });
  sent.end(rawBody);
  return promise;
}
