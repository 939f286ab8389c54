import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { FetchedDispute } from '#src/gateways/stripe-disputes-read.ts';
import { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import type { StripeTruth } from './stripe-truth.ts';

type Answer = <T>(name: string, read: () => T) => Promise<T>;

/** Disputes at the truth are looked at; whoever answers them asks the local Stripe. */
export function truthDisputeActs(
  read: () => StripeTruth,
  answer: Answer,
): Pick<StripeGateway, 'getAnswerableDispute' | 'closeDispute' | 'uploadEvidence' | 'submitEvidence'> {
  const find = (id: string) => [...read().disputes.values()].flat().find((dispute) => dispute.id === id);
  const shown = (dispute: FetchedDispute) => ({
    ...structuredClone(dispute),
    metadata: {},
    evidence: {},
  });
  const refused = () => {
    throw new StripeSaidNo(null, 'The truth takes no answers');
  };
  return {
    getAnswerableDispute: (id) =>
      answer('getAnswerableDispute', () => {
        const found = find(id);
        return found ? shown(found) : null;
      }),
    closeDispute: () => answer('closeDispute', refused),
    uploadEvidence: () => answer('uploadEvidence', refused),
    submitEvidence: () => answer('submitEvidence', refused),
  };
}
