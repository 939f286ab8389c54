import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackContext } from '../context.ts';
import { answerCall } from '../web-api/answer-call.ts';
import type { RateLimit } from '../web-api/rate-limit.ts';
import { readCall } from '../web-api/read-arguments.ts';
import { cut, meetFault } from './meet-fault.ts';

/** One Web API call: its planned fault, its answer, its line in the wire log. */
export async function answerApiRequest(
  context: SlackContext,
  limit: RateLimit,
  method: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const startedAt = performance.now();
  const at = context.world.now();
  const { token, args } = readCall(request, body);
  const answer = await meetFault(context, context.faults.take(method), request, () =>
    answerCall(context, limit, method, token, args),
  );
  context.wire.record({
    at,
    from: 'lucy',
    to: 'slack',
    label: method,
    status: answer === cut ? null : answer.status,
    durationMs: Math.round(performance.now() - startedAt),
    request: JSON.stringify(args, null, 2),
    response: answer === cut ? 'no answer' : JSON.stringify(answer.body, null, 2),
  });
  if (answer === cut) return;
  response.writeHead(answer.status, { 'Content-Type': 'application/json; charset=utf-8', ...answer.headers });
  response.end(JSON.stringify(answer.body));
}
