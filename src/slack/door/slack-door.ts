import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Clock, MINUTE_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { readBody } from '#src/core/read-body.ts';
import { checkRequest } from './check-request.ts';

const BODY_MAX_BYTES = 1024 * 1024;
/** Slack itself gives up after three seconds. */
const BODY_TIMEOUT_MS = 5_000;

/**
 * The one door for Slack's HTTP requests: bounded, signed, recent, and readable, before Bolt gets them. Nothing that
 * happens here can reach the process as an unhandled error.
 */
export function createSlackDoor(deps: {
  bolt: RequestListener;
  signingSecret: string;
  clock: Clock;
  log: Log;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { bolt, signingSecret, clock, log } = deps;
  const loggedAt = new Map<string, number>();

  /** A flood of forged requests must not flood the log: each reason once a minute. */
  function logRefusal(status: number, why: string): void {
    if (clock.now() - (loggedAt.get(why) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    loggedAt.set(why, clock.now());
    log.warn({ event: 'slack_request_refused', status }, why);
  }

  return async (request, response) => {
    try {
      if (request.method !== 'POST') return answer(response, 405, { allow: 'POST' });
      const read = await readBody(request, BODY_MAX_BYTES, BODY_TIMEOUT_MS);
      if (!read.ok && read.problem === 'too_large') return answer(response, 413, { connection: 'close' });
      if (!read.ok && read.problem === 'too_slow') return cutOff(request, response);
      // Whoever asked is gone.
      if (!read.ok) return;
      const verdict = checkRequest(request.headers, read.bytes, signingSecret, clock.now());
      if (verdict.kind === 'ssl_check') return answer(response, 200);
      if (verdict.kind === 'refuse') {
        logRefusal(verdict.status, verdict.why);
        return answer(response, verdict.status);
      }
      request.headers['content-type'] = verdict.contentType;
      // Bolt takes a body that was read already (its BufferedIncomingMessage).
      bolt(Object.assign(request, { rawBody: read.bytes }), response);
    } catch (error) {
      log.warn({ err: error, event: 'slack_request_failed' }, errorMessage(error));
      if (!response.headersSent) answer(response, 404);
    }
  };
}

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-length': 0, ...headers }).end();
}

function cutOff(request: IncomingMessage, response: ServerResponse): void {
  response.on('finish', () => request.destroy());
  answer(response, 408, { connection: 'close' });
}
