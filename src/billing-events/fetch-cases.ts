import { findDispute } from '#db/disputes.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { type FetchedCases, fetchCases } from '#src/disputes/fetch.ts';
import { reasonName, reviewWords } from '#src/disputes/reasons.ts';
import { ruleOf } from './event-types.ts';
import type { Fetching } from './fetching.ts';
import { isolateRefused } from './isolate.ts';
import { readHint } from './read-event.ts';
import {
  readWantedCharge,
  type WantedCharges,
  wantDisputedCharges,
  wantOpenCases,
} from './wanted-disputes.ts';
import { type Wanted, wantDisputed } from './wanted-payments.ts';

type Blame = (id: string, eventIds: readonly string[], error: unknown) => void;

/**
 * Disputes, fraud warnings and reviews: those that events name, those that are open, and those that nobody told of. A
 * dispute that moved wants its payment settled, too.
 */
export async function fetchAllCases(
  fetching: Fetching,
  stripeCustomerId: string | null,
  events: readonly StripeEventRow[],
  payments: Wanted,
  blame: Blame,
): Promise<{ cases: FetchedCases; outcomes: Map<string, string> }> {
  const wanted: WantedCharges = new Map();
  const outcomes = new Map<string, string>();
  for (const event of events) {
    const read = async () => {
      await readWantedCharge(fetching, event, wanted);
      await noteReview(fetching, event, outcomes);
    };
    await isolateRefused(read, (error) => blame(event.object_id ?? event.id, [event.id], error));
  }
  if (stripeCustomerId) {
    await wantOpenCases(fetching, stripeCustomerId, wanted);
    const find = () => wantDisputedCharges(fetching, stripeCustomerId, wanted);
    if (mayHideDispute(events)) await isolateRefused(find, (error) => blame(stripeCustomerId, [], error));
  }
  const cases: FetchedCases = { disputes: [], warnings: [] };
  for (const [chargeId, { eventIds, asksWarnings }] of wanted) {
    const read = async () => {
      const found = await fetchCases(fetching.database.knex, fetching.stripe, chargeId, asksWarnings);
      cases.warnings.push(...found.warnings);
      for (const dispute of found.disputes) {
        const known = await findDispute(fetching.database.knex, dispute.id);
        const isSettled =
          eventIds.length === 0 && known?.status === dispute.status && known.payment_id !== null;
        for (const id of eventIds) outcomes.set(id, `${dispute.id} is “${reasonName(dispute.status)}”.`);
        const paymentId = isSettled ? null : await wantDisputed(fetching, dispute, eventIds, payments);
        cases.disputes.push({ ...dispute, paymentId });
      }
    };
    await isolateRefused(read, (error) => blame(chargeId, eventIds, error));
  }
  return { cases, outcomes };
}

/** Where money moves, or somebody asked to look again, a dispute may have come without a word; plans tell of none. */
function mayHideDispute(events: readonly StripeEventRow[]): boolean {
  const kinds = new Set(events.map(({ type }) => ruleOf(type)?.kind));
  return (
    events.length === 0 || ['refund', 'dispute', 'warning', 'review'].some((kind) => kinds.has(kind as never))
  );
}

/** What a review is about stands with its event, and so on the timeline. */
async function noteReview(
  { stripe }: Fetching,
  event: StripeEventRow,
  outcomes: Map<string, string>,
): Promise<void> {
  if (ruleOf(event.type)?.kind !== 'review') return;
  const { objectId } = readHint(event.payload);
  const review = objectId ? await stripe.getReview(objectId) : null;
  if (review) outcomes.set(event.id, reviewWords(review));
}
