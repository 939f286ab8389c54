import type { Core } from '../world/core.ts';
import { snapshotOf } from '../world/snapshot.ts';
import { authenticate, checkVersion } from './authenticate.ts';
import { checkDepth, expandAnswer } from './expand.ts';
import { type FormTree, parseForm } from './form.ts';
import type { Idempotency } from './idempotency.ts';
import { boundaryOf, parseMultipart } from './multipart.ts';
import { goodReply, type Reply, refusalReply } from './reply.ts';
import type { ReadyCall, Route } from './route.ts';
import { invalidRequest, StripeRefusal } from './stripe-refusal.ts';

/** One request as it came. */
export type Call = {
  id: string;
  method: string;
  path: string;
  query: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** Only POST takes one; GET and DELETE are idempotent anyway. */
  idempotencyKey: string | null;
};

export type Desk = { core: Core; routes: Route[]; secretKey: string; idempotency: Idempotency };

/** Answers a request, all in one turn, so that no two requests ever see each other half done. */
export function answerCall(desk: Desk, call: Call, forced?: StripeRefusal): Reply {
  try {
    const ready = prepare(desk, call);
    const key = call.idempotencyKey;
    if (key === null) return runOrRefuse(desk, call, ready, forced);
    const former = desk.idempotency.replay(key, call.path, wordsOf(call));
    if (former) return { ...former, headers: { ...former.headers, 'request-id': call.id } };
    const reply = runOrRefuse(desk, call, ready, forced);
    desk.idempotency.keep(key, call.path, wordsOf(call), withOriginal(reply, call));
    return withOriginal(reply, call);
  } catch (error) {
    return refused(desk, call, error);
  }
}

/** What is refused here never began, and so is not kept under the key. */
function prepare(desk: Desk, call: Call): ReadyCall {
  authenticate(call.headers, desk.secretKey);
  checkVersion(call.headers);
  for (const route of desk.routes) {
    const id = route.match(call.method, call.path);
    if (id === null) continue;
    const ready = route.prepare(id, paramsOf(call));
    checkDepth(ready.expand);
    return ready;
  }
  throw invalidRequest(
    `Unrecognized request URL (${call.method}: ${call.path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    { status: 404 },
  );
}

/** From the query and the body together; the SDK sends those of a DELETE in the query. */
export function paramsOf(call: Pick<Call, 'body' | 'headers' | 'query'>): FormTree {
  const boundary = boundaryOf(call.headers['content-type']?.toString());
  if (boundary !== null) return parseMultipart(call.body, boundary);
  return parseForm([call.query, call.body].filter(Boolean).join('&'));
}

/** The boundary of a form is another one each time, and no part of what is asked. */
function wordsOf({ body, headers }: Call): string {
  const boundary = boundaryOf(headers['content-type']?.toString());
  return boundary === null ? body : body.replaceAll(boundary, '');
}

function runOrRefuse(desk: Desk, call: Call, ready: ReadyCall, forced?: StripeRefusal): Reply {
  try {
    if (forced) throw forced;
    const cause = { id: call.id, idempotency_key: call.idempotencyKey };
    const answer = desk.core.causedBy(cause, () => ready.run(desk.core));
    const body = copyOf(desk.core, answer);
    expandAnswer(desk.core, body, ready.expand);
    return goodReply(body, call.id);
  } catch (error) {
    return refused(desk, call, error);
  }
}

function copyOf(core: Core, answer: object): Record<string, unknown> {
  if (!('data' in answer) || !Array.isArray(answer.data)) return snapshotOf(core.tables, asRow(answer));
  return { ...answer, data: answer.data.map((row) => snapshotOf(core.tables, asRow(row))) };
}

function asRow(value: unknown): { id: string; object: string } {
  if (typeof value === 'object' && value !== null && 'object' in value && 'id' in value) {
    return { ...value, id: String(value.id), object: String(value.object) };
  }
  throw new Error('A route of the local Stripe answered with something that is no Stripe object.');
}

function withOriginal(reply: Reply, call: Call): Reply {
  const key = call.idempotencyKey;
  const headers = { ...reply.headers, 'original-request': call.id };
  return { ...reply, headers: key === null ? headers : { ...headers, 'idempotency-key': key } };
}

function refused(desk: Desk, call: Call, error: unknown): Reply {
  const refusal =
    error instanceof StripeRefusal
      ? error
      : new StripeRefusal(500, {
          type: 'api_error',
          message: `The local Stripe itself failed: ${error instanceof Error ? error.message : String(error)}`,
        });
  return refusalReply(refusal, { id: call.id, at: desk.core.now(), livemode: desk.core.livemode });
}
