import type { Sql } from '#db/connection.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { StripeSaidNo } from '#src/gateways/stripe-errors.ts';

/** What Stripe says of what came of an effect. */
export type Seen = { objectId: string; status: string; reason: string | null };

export type Look =
  | { kind: 'there'; seen: Seen }
  | { kind: 'absent' }
  /** It must not be sent, because the world is not the one that was approved; a sentence. */
  | { kind: 'barred'; failure: string };

export type Verdict = { kind: 'confirmed' } | { kind: 'open' } | { kind: 'failed'; failure: string };

/** One kind of thing that Lucy does at Stripe: how it is seen, sent, confirmed, and told. */
export type EffectKind = {
  /** Whether it is there already, and whether it may be sent; asked before every send. `sql`, no transaction. */
  look(stripe: StripeGateway, effect: StripeEffectRow, now: number, sql: Sql): Promise<Look>;
  /** `sql`, no transaction: for what is kept beside the effect because it is large. */
  send(stripe: StripeGateway, effect: StripeEffectRow, idempotencyKey: string, sql: Sql): Promise<Seen>;
  /** Null when Stripe knows no such object. */
  fetch(stripe: StripeGateway, effect: StripeEffectRow): Promise<Seen | null>;
  judge(effect: StripeEffectRow, seen: Seen): Verdict;
  /** Why Stripe refused, and what to do; sentences. */
  explainNo(effect: StripeEffectRow, no: StripeSaidNo): string;
  /** `the refund of $49.00 of ch_…`. */
  name(effect: StripeEffectRow): string;
  /** What its confirmed state says, without the time: `Stripe confirmed the refund re_…`. */
  confirmed(effect: StripeEffectRow): string;
  /** What its open state says; null when there is no more to say than that it waits. */
  pending(effect: StripeEffectRow): string | null;
  /** Left out when something before it in the same run failed. */
  needsThoseBefore: boolean;
  /** May fail after it was confirmed, and so is looked at afterwards. */
  mayFailLater: boolean;
};
