import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Timers } from '../timers.ts';
import type { WireRecorder } from '../wire.ts';
import { answerCall, type Call, type Desk, paramsOf } from './answer-call.ts';
import { deliverFault } from './fault-answers.ts';
import type { FaultState } from './faults.ts';
import type { FormTree } from './form.ts';
import { boundaryOf } from './multipart.ts';
import { readBody } from './read-body.ts';
import { type Reply, refusalReply } from './reply.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import { StripeRefusal } from './stripe-refusal.ts';

/** 1 MiB is far more than any call that Lucy makes, but for a file. */
const largestBody = 1_048_576;
const largestUpload = 8 * 1_048_576;

export type ApiParts = {
  desk: Desk;
  faults: FaultState;
  log: RequestLog;
  timers: Timers;
  wire: WireRecorder;
  nowMs: () => number;
};

/** The API's front door: logs, delays, fails as asked, and otherwise answers. */
export function createApiListener(parts: ApiParts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isUpload = boundaryOf(request.headers['content-type']) !== null;
    const body = await (isUpload
      ? readBody(request, largestUpload, 'latin1')
      : readBody(request, largestBody));
    if (body === null) {
      request.socket.destroy();
      return;
    }
    const call = callOf(parts, request, body);
    const logged = logOf(parts, call);
    parts.log.add(logged);
    const started = performance.now();
    const reply = await replyTo(parts, call, logged, request);
    logged.status = reply?.status ?? null;
    recordOnWire(parts, logged, reply, performance.now() - started);
    if (!reply) return;
    // By the world's own clock, as every answer of Stripe's tells the time.
    response.writeHead(reply.status, { date: new Date(parts.nowMs()).toUTCString(), ...reply.headers });
    response.end(reply.body);
  };
}

/** Null when this request gets no answer. */
async function replyTo(
  parts: ApiParts,
  call: Call,
  logged: LoggedRequest,
  request: IncomingMessage,
): Promise<Reply | null> {
  const { desk, faults, log, timers } = parts;
  const key = call.idempotencyKey;
  try {
    if (key !== null) desk.idempotency.begin(key);
  } catch (error) {
    if (error instanceof StripeRefusal) return refusalReply(error, envelope(parts, call));
    throw error;
  }
  try {
    if (!(await timers.wait(faults.latencyMs()))) return null;
    await log.beforeAnswer(logged);
    const fault = faults.take(call.method, call.path);
    const reply = fault
      ? await deliverFault({ desk, timers, call, socket: request.socket }, fault)
      : answerCall(desk, call);
    if (reply) await log.afterAnswer(logged);
    return reply;
  } finally {
    if (key !== null) desk.idempotency.end(key);
  }
}

function callOf({ desk }: ApiParts, request: IncomingMessage, body: string): Call {
  const url = new URL(request.url ?? '/', 'http://stripe.local');
  const method = request.method ?? 'GET';
  const key = request.headers['idempotency-key'];
  return {
    id: desk.core.newId('request'),
    method,
    path: url.pathname,
    query: url.search.slice(1),
    headers: request.headers,
    body,
    idempotencyKey: method === 'POST' && typeof key === 'string' ? key : null,
  };
}

function logOf({ nowMs }: ApiParts, call: Call): LoggedRequest {
  return {
    id: call.id,
    method: call.method,
    path: call.path,
    params: withoutBytes(paramsOf(call)),
    idempotencyKey: call.idempotencyKey,
    at: nowMs(),
    status: null,
  };
}

/** A file is told by its size. */
function withoutBytes(tree: FormTree): FormTree {
  const { file } = tree;
  if (typeof file !== 'object' || typeof file.data !== 'string') return tree;
  return { ...tree, file: { ...file, data: `(${file.data.length} bytes)` } };
}

function envelope({ desk }: ApiParts, call: Call) {
  return { id: call.id, at: desk.core.now(), livemode: desk.core.livemode };
}

function recordOnWire(
  { wire, nowMs }: ApiParts,
  logged: LoggedRequest,
  reply: Reply | null,
  durationMs: number,
): void {
  const label = `${logged.method} ${logged.path}`;
  const params = Object.keys(logged.params).length > 0 ? `\n${JSON.stringify(logged.params, null, 2)}` : '';
  wire.record({
    at: nowMs(),
    from: 'lucy',
    to: 'stripe',
    label,
    status: reply?.status ?? null,
    durationMs: Math.round(durationMs),
    request: `${label}${params}`,
    response: reply?.body ?? '(no answer)',
  });
}
