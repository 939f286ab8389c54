import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackContext } from '../context.ts';
import { readableBody } from '../readable-body.ts';
import { answerResponseUrl } from '../responses/answer-response-url.ts';
import { cut, meetFault } from './meet-fault.ts';

/** One POST to a response URL: its planned fault, its answer, its line in the wire log. */
export async function answerResponseUrlRequest(
  context: SlackContext,
  tail: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const startedAt = performance.now();
  const at = context.world.now();
  let text = '';
  const answer = await meetFault(context, context.faults.take('response_url'), request, () => {
    const done = answerResponseUrl(context, tail, body);
    text = done.body;
    return { status: done.status, headers: {}, body: {} };
  });
  context.wire.record({
    at,
    from: 'lucy',
    to: 'slack',
    label: 'response_url',
    status: answer === cut ? null : answer.status,
    durationMs: Math.round(performance.now() - startedAt),
    request: readableBody(body, request.headers['content-type'] ?? ''),
    response: answer === cut ? 'no answer' : text,
  });
  if (answer === cut) return;
  response.writeHead(answer.status, { 'Content-Type': 'text/html; charset=utf-8', ...answer.headers });
  response.end(answer.status >= 500 ? '' : text);
}
