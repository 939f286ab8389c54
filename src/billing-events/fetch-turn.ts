import type { CustomerSyncRow } from '#db/customer-sync.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { stripeActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { isStripeTrouble, UnknownStripeCustomer } from '#src/gateways/stripe-errors.ts';
import { chooseReading } from './bulk-reading.ts';
import type { BillingDeps } from './deps.ts';
import { ruleOf } from './event-types.ts';
import { fetchCustomer } from './fetch-customer.ts';
import { findLinked, findOwner, parkUnlinked } from './find-owner.ts';
import { postponePass } from './postpone-pass.ts';
import type { KnownBefore } from './read-ahead.ts';
import { recordUnowned } from './record-unowned.ts';
import type { Ready, SyncResult, Turn } from './turn.ts';

/** Whoever was fetched first waits no longer than this for those who share the commit. */
export const TURN_MS = 200;

/** `isAway`: Stripe itself was, so there is no use in asking it for the next one. */
type Fetched = Ready | { result: SyncResult; isAway: boolean };

export type FetchedTurn = {
  ready: Ready[];
  results: SyncResult[];
  /** The one that Stripe took too long over: the others do not wait for it. */
  late: Promise<Fetched> | null;
  /** Whom nobody has begun with. */
  rest: string[];
  /** What not even the end of a failed pass could be written for. */
  faults: unknown[];
  /** How long one of them was fetched for. */
  fetchMs: number;
};

/** Fetches one after the other, the most urgent first, for as long as the turn lasts and Stripe answers. */
export async function fetchTurn(
  turn: Turn,
  known: KnownBefore,
  claims: readonly CustomerSyncRow[],
): Promise<FetchedTurn> {
  const { clock } = turn.deps;
  const startedAt = clock.now();
  const leftMs = () => TURN_MS - (clock.now() - startedAt);
  const done: FetchedTurn = { ready: [], results: [], late: null, rest: [], faults: [], fetchMs: 0 };
  let begun = 0;
  for (const claim of claims) {
    if (begun > 0 && leftMs() < 0) break;
    begun++;
    const coming = fetchPass(turn, known, claim);
    const fetched = await inTime(coming, leftMs()).catch((error: unknown) => ({ error }));
    if (fetched === 'late') done.late = coming;
    else if ('error' in fetched) done.faults.push(fetched.error);
    else if ('pass' in fetched) done.ready.push(fetched);
    else done.results.push(fetched.result);
    if (fetched === 'late' || 'error' in fetched || ('isAway' in fetched && fetched.isAway)) break;
  }
  done.rest = claims.slice(begun).map((claim) => claim.stripe_customer_id);
  done.fetchMs = (clock.now() - startedAt) / begun;
  return done;
}

async function inTime<T>(coming: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), Math.max(ms, 0));
  });
  return Promise.race([coming, late]).finally(() => clearTimeout(timer));
}

async function fetchPass(
  { deps, token, open }: Turn,
  known: KnownBefore,
  claim: CustomerSyncRow,
): Promise<Fetched> {
  const id = claim.stripe_customer_id;
  const events = known.eventsOf(id);
  const cause = causeOfPass(deps, id, events);
  try {
    const owner = (await findLinked(known.database.knex, id)) ?? (await findOwner(deps, cause, id));
    if (!owner) {
      await recordUnowned(deps, cause, id);
      await parkUnlinked(deps, cause, claim, token);
      open.delete(id);
      return { result: 'unlinked', isAway: false };
    }
    const stripe = await chooseReading({ ...deps, database: known.database }, claim);
    const fetched = await fetchCustomer({ ...deps, database: known.database, stripe }, id, events);
    deps.crashPoint?.('sync fetched');
    return { cause, pass: { claim, token, owner, events, fetched } };
  } catch (error) {
    // Where even this fails, the rest of its lease is the pause, or each turn would begin, and end, with it.
    open.delete(id);
    const result = await postponePass(deps, { claim, token, events }, cause, error);
    // A customer that Stripe does not know says nothing of the others.
    return { result, isAway: isStripeTrouble(error) && !(error instanceof UnknownStripeCustomer) };
  }
}

/** The first event names the cause; a pass without any was asked for by a link or a reset. */
export function causeOfPass(
  deps: BillingDeps,
  stripeCustomerId: string,
  events: readonly StripeEventRow[],
): Cause {
  const first = events[0];
  const now = deps.clock.now();
  return {
    actor: stripeActor,
    surface: first ? 'webhook' : 'job',
    correlationId: first?.correlation_id ?? newCorrelationId(now),
    reason: first
      ? `Stripe: ${first.type}. ${ruleOf(first.type)?.why ?? ''}`.trim()
      : `Stripe’s present state of ${stripeCustomerId}`,
    ticket: null,
    runId: null,
    now,
  };
}
