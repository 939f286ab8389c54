import type { DisputeReads, FetchedDispute } from '#src/gateways/stripe-disputes-read.ts';
import type { StripeTruth } from './stripe-truth.ts';

type Answer = <T>(name: string, read: () => T) => Promise<T>;

/** Disputes, early fraud warnings and reviews at the truth. */
export function truthDisputes(read: () => StripeTruth, answer: Answer): DisputeReads {
  return {
    getDispute: (id) =>
      answer('getDispute', () =>
        structuredClone([...read().disputes.values()].flat().find((row) => row.id === id) ?? null),
      ),
    listDisputes: (charge) =>
      answer('listDisputes', () => structuredClone(read().disputes.get(charge) ?? [])),
    getFraudWarning: (id) =>
      answer('getFraudWarning', () => structuredClone(read().warnings.get(id) ?? null)),
    listFraudWarnings: (charge) =>
      answer('listFraudWarnings', () =>
        structuredClone([...read().warnings.values()].filter((row) => row.chargeId === charge)),
      ),
    getReview: (id) => answer('getReview', () => structuredClone(read().reviews.get(id) ?? null)),
  };
}

/** A formal dispute of a whole payment of 49 dollars, nine days before its deadline. */
export function disputeOf(
  chargeId: string,
  createdAt: number,
  patch: Partial<FetchedDispute> = {},
): FetchedDispute {
  return {
    id: `dp_${chargeId}`,
    chargeId,
    paymentIntentId: chargeId.replace(/^ch_/, 'pi_'),
    status: 'needs_response',
    reason: 'fraudulent',
    currency: 'usd',
    amount: 4_900,
    createdAt,
    dueBy: createdAt + 9 * 86_400_000,
    isChargeRefundable: false,
    hasEvidence: false,
    submissionCount: 0,
    network: 'visa',
    caseType: 'chargeback',
    networkReasonCode: '10.4',
    ...patch,
  };
}
