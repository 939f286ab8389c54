import type { Reply } from './reply.ts';
import { invalidRequest, StripeRefusal } from './stripe-refusal.ts';

/** Keys may go after a day: https://docs.stripe.com/api/idempotent_requests. Here they go exactly then. */
const keptSeconds = 24 * 3600;

type Kept = { path: string; params: string; reply: Reply; at: number };

/** What was answered under each Idempotency-Key, and which keys are being worked on. */
export type Idempotency = {
  /** The former answer; throws when the key was used for something else. */
  replay(key: string, path: string, params: string): Reply | null;
  keep(key: string, path: string, params: string, reply: Reply): void;
  /** Marks the key as in use until the answer is away; throws when it already is. */
  begin(key: string): void;
  end(key: string): void;
};

export function createIdempotency(now: () => number): Idempotency {
  const kept = new Map<string, Kept>();
  const busy = new Set<string>();
  return {
    replay(key, path, params) {
      const former = kept.get(key);
      if (!former || former.at <= now() - keptSeconds) return null;
      if (former.path !== path)
        throw misused(`for the same endpoint they were first used for ('${former.path}' vs '${path}')`, key);
      if (former.params !== params) throw misused('with the same parameters they were first used with', key);
      return { ...former.reply, headers: { ...former.reply.headers, 'idempotent-replayed': 'true' } };
    },
    keep(key, path, params, reply) {
      kept.set(key, { path, params, reply, at: now() });
    },
    begin(key) {
      if (key.length > 255) {
        throw invalidRequest('Idempotency keys can be at most 255 characters long.');
      }
      if (busy.has(key)) throw inUse(key);
      busy.add(key);
    },
    end: (key) => busy.delete(key),
  };
}

function misused(how: string, key: string): StripeRefusal {
  return new StripeRefusal(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used ${how}. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

function inUse(key: string): StripeRefusal {
  return new StripeRefusal(
    409,
    {
      type: 'invalid_request_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    },
    { 'stripe-should-retry': 'true' },
  );
}
