import type { Sql } from '#db/connection.ts';
import type { ProbeState } from '#db/health-probes.ts';
import type { Settings } from '#src/core/settings.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';

/** What one look came to. Details may be read by everybody in the company; they name no secrets. */
export type Seen = { state: Exclude<ProbeState, 'unknown'>; detail: string };

export type ProbeContext = {
  sql: Sql;
  settings: Settings;
  now: number;
  stripe: StripeGateway | null;
  /** Where the database's file is, or the working directory. */
  folder: string;
  /** What this process knows of its connections, and the rows of what went out over them. */
  parts: Readonly<
    Record<'slack' | 'stripe' | 'mail', () => Seen | Promise<Seen>> & { redis?: () => Seen | Promise<Seen> }
  >;
};

/** One thing that can be out of order. */
export type Probe = {
  id: string;
  /** What it is, as a heading: “Stripe’s API”. */
  title: string;
  /** What a customer or colleague notices while it is down; a sentence. */
  effect: string;
  /** What to do first; a sentence. */
  firstStep: string;
  /** It can wait until somebody is at work: told in the channel, while nobody is mentioned or called. */
  isQuiet?: true;
  /** Null when this installation has nothing to look at. */
  look(context: ProbeContext): Promise<Seen | null>;
};

export const ok = (detail: string): Seen => ({ state: 'ok', detail });
export const degraded = (detail: string): Seen => ({ state: 'degraded', detail });
export const down = (detail: string): Seen => ({ state: 'down', detail });
