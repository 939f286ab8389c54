import type { Socket } from 'node:net';
import type { Timers } from '../timers.ts';
import { answerCall, type Call, type Desk } from './answer-call.ts';
import type { Fault } from './faults.ts';
import { type Reply, refusalReply } from './reply.ts';
import { StripeRefusal } from './stripe-refusal.ts';

type Struck = { desk: Desk; timers: Timers; call: Call; socket: Socket };

/** https://docs.stripe.com/rate-limits: 429, the reason in a header, and no Retry-After. */
const rateLimited = new StripeRefusal(
  429,
  {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message:
      'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
  },
  { 'stripe-rate-limited-reason': 'global-rate' },
);

const outage = { type: 'api_error' as const, message: 'An unknown error occurred' };

/** A 500 that is kept would be kept for every retry too, and so Stripe asks not to retry. */
const keptServerError = new StripeRefusal(500, outage, { 'stripe-should-retry': 'false' });

/** What a request gets that a fault strikes; null when it gets nothing at all. */
export async function deliverFault(
  { desk, timers, call, socket }: Struck,
  fault: Fault,
): Promise<Reply | null> {
  const request = { id: call.id, at: desk.core.now(), livemode: desk.core.livemode };
  if (fault.kind === 'apply_then_timeout') answerCall(desk, call);
  if (fault.kind === 'apply_late') socket.destroy();
  await timers.wait(fault.delayMs ?? 0);
  switch (fault.kind) {
    case 'apply_late':
      answerCall(desk, call);
      return null;
    case 'apply_then_timeout':
    case 'refuse':
    case 'timeout':
      socket.destroy();
      return null;
    case 'hang':
      return null;
    case 'rate_limited':
      return refusalReply(rateLimited, request);
    case 'http_500':
      return refusalReply(new StripeRefusal(500, outage), request);
    case 'saved_500':
      return answerCall(desk, call, keptServerError);
    case 'error':
      return refusalReply(
        new StripeRefusal(fault.status ?? 400, fault.error ?? { type: 'api_error', message: 'A fault' }),
        request,
      );
  }
}
