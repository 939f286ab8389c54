import { listOpenDisputesAtStripe } from '#db/disputes.ts';
import { listActionableWarnings } from '#db/fraud-warnings.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { ruleOf } from './event-types.ts';
import type { Fetching } from './fetching.ts';
import { hintOf } from './read-event.ts';

/** Charges whose disputes and warnings are asked for: charge id -> the events that want it. */
export type WantedCharges = Map<string, { eventIds: string[]; asksWarnings: boolean }>;

const RECENT_CHARGES = 10;

/** The charge that an event of a dispute or of a fraud warning is about. */
export async function readWantedCharge(
  { stripe }: Fetching,
  event: StripeEventRow,
  wanted: WantedCharges,
): Promise<void> {
  const kind = ruleOf(event.type)?.kind;
  if (kind !== 'dispute' && kind !== 'warning') return;
  const { chargeId, objectId } = hintOf(event);
  const named = chargeId ?? (objectId ? await chargeOf(stripe, kind, objectId) : null);
  if (named) want(wanted, named, event.id, kind === 'warning');
}

async function chargeOf(
  stripe: Fetching['stripe'],
  kind: 'dispute' | 'warning',
  id: string,
): Promise<string | null> {
  const found = kind === 'dispute' ? await stripe.getDispute(id) : await stripe.getFraudWarning(id);
  return found?.chargeId ?? null;
}

/** What is open is looked at in every pass, whatever became of its events. */
export async function wantOpenCases(
  { database }: Fetching,
  stripeCustomerId: string,
  wanted: WantedCharges,
): Promise<void> {
  const sql = database.knex;
  for (const dispute of await listOpenDisputesAtStripe(sql, stripeCustomerId))
    want(wanted, dispute.charge_id, null, false);
  for (const warning of await listActionableWarnings(sql, stripeCustomerId))
    want(wanted, warning.charge_id, null, true);
}

/**
 * A dispute whose events were all lost is found through the charge that Stripe says is disputed. So is the appeal of one
 * that is over by our rows, and another one about the same charge: that a dispute is known says nothing of what came since.
 */
export async function wantDisputedCharges(
  { stripe }: Fetching,
  stripeCustomerId: string,
  wanted: WantedCharges,
): Promise<void> {
  for (const charge of await stripe.listCharges(stripeCustomerId, RECENT_CHARGES)) {
    if (charge.isDisputed && !wanted.has(charge.id)) want(wanted, charge.id, null, false);
  }
}

function want(wanted: WantedCharges, chargeId: string, eventId: string | null, asksWarnings: boolean): void {
  const known = wanted.get(chargeId);
  wanted.set(chargeId, {
    eventIds: [...(known?.eventIds ?? []), ...(eventId ? [eventId] : [])],
    asksWarnings: asksWarnings || (known?.asksWarnings ?? false),
  });
}
