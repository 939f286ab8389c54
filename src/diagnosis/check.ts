import type { Sql } from '#db/connection.ts';
import type { Settings } from '#src/core/settings.ts';
import type { CustomerPicture } from '#src/customers/picture.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { TroubleId } from '#src/routing/troubles.ts';
import type { StripeSays } from './ask-stripe.ts';

/** One row of the support runbook, carried out for one customer. */
export type Check = {
  id: TroubleId;
  run(context: CheckContext): Promise<Verdict>;
};

export type CheckContext = {
  sql: Sql;
  settings: Settings;
  mode: BillingMode;
  now: number;
  picture: CustomerPicture;
  /** Stripe customers that are linked, newest first. */
  stripeCustomers: readonly string[];
  /** What Stripe says now; null when it could not be asked in time. */
  stripe: StripeSays | null;
  /** For a question of the check's own; null when Stripe does not answer. */
  gateway: StripeGateway | null;
  creditsSince: number;
};

export type Verdict = {
  verdict: 'ok' | 'problem' | 'unknown';
  sentence: string;
  /** What shows it; a sentence or an id each. */
  evidence?: string[];
  /** What would mend it: a command line, which shows its preview before it does anything. */
  remedy?: Remedy;
  /** What would help as well. */
  others?: Remedy[];
};

export type Remedy = { label: string; line: string };

export function fine(sentence: string): Verdict {
  return { verdict: 'ok', sentence };
}

export function unknown(sentence: string): Verdict {
  return { verdict: 'unknown', sentence };
}
