import type { IncomingMessage } from 'node:http';
import type { SlackContext } from '../context.ts';
import type { Fault } from '../faults.ts';
import { type HttpAnswer, rateLimited } from '../web-api/answer-call.ts';

/** No answer at all: the connection was cut. */
export const cut = Symbol('cut');

/** Answers a call as the planned fault wants it; `answer` does what was asked. */
export async function meetFault(
  context: SlackContext,
  fault: Fault | undefined,
  request: IncomingMessage,
  answer: () => HttpAnswer,
): Promise<HttpAnswer | typeof cut> {
  switch (fault?.kind) {
    case undefined:
      return answer();
    case 'rate_limited':
      return rateLimited(fault.retryAfterSeconds ?? 1);
    case 'error':
      return { status: 200, headers: {}, body: { ok: false, error: fault.error ?? 'internal_error' } };
    case 'http_500':
      return serverError;
    case 'apply_then_500':
      answer();
      return serverError;
    case 'hang':
      await Promise.race([context.faults.cleared(), closed(request)]);
      request.socket.destroy();
      return cut;
    case 'timeout':
      request.socket.destroy();
      return cut;
  }
}

const serverError: HttpAnswer = { status: 500, headers: {}, body: { ok: false, error: 'fatal_error' } };

const closed = (request: IncomingMessage) =>
  new Promise<void>((resolve) => {
    request.socket.once('close', () => resolve());
  });
