import type { Database, Sql } from '#db/connection.ts';
import type { StripeEffectRow, StripeEffectState } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';

/** What carrying effects to Stripe runs on; wired once. */
export type EffectsDeps = {
  database: Database;
  stripe: StripeGateway;
  clock: Clock;
  log: Log;
  /** Called in the transaction of each change that people see: another state, or another word of Stripe's. */
  onChange(sql: Sql, cause: Cause, effect: StripeEffectRow, before: StripeEffectState): Promise<void>;
  /** From 0 to 1, for the jitter. */
  random?: () => number;
  /** Named places at which a test may crash the worker. */
  crashPoint?: (name: CrashPoint, effect: StripeEffectRow) => void;
};

export type CrashPoint =
  | 'effect claimed'
  | 'effect looked at'
  | 'effect marked as being sent'
  | 'effect taken by Stripe'
  | 'effect about to commit';

/** An effect that this worker holds; `wakes` as it was when it was taken. */
export type Held = { effect: StripeEffectRow; token: string; wakes: number };

/** The lease ran out meanwhile: another worker may have done newer work, so nothing of this pass is kept. */
export class LeaseLost extends Error {}

export const released = { lease_token: null, lease_until: null };
