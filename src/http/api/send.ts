import type { ServerResponse } from 'node:http';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { ApiProblem, problemOf } from './problem.ts';

const defect = new ApiProblem(
  500,
  'failed',
  'Something went wrong inside Lucy.',
  'Send the same request again; it is done once. The correlation id finds what went wrong in the log.',
);

/** DESIGN section 9: errors. */
export function sendProblem(
  log: Log,
  response: ServerResponse,
  correlationId: string,
  error: unknown,
  path: string,
): void {
  const known = problemOf(error);
  const { status, code, message, hint, details, headers } = known ?? defect;
  if (status >= 500) log.error({ err: error, event: 'api_failed', correlationId, path }, errorMessage(error));
  const text = JSON.stringify({ error: { code, message, hint, ...details }, correlationId });
  send(response, status, correlationId, text, headers);
}

/** A JSON answer; every one carries the correlation id. */
export function send(
  response: ServerResponse,
  status: number,
  correlationId: string,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-request-id': correlationId,
    ...headers,
  });
  response.end(text);
}
