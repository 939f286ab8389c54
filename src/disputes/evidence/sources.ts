import type { CustomerRow } from '#db/customers.ts';
import type { DisputeSettings } from '#src/core/settings-disputes.ts';
import type { FetchedCharge, FetchedRefund } from '#src/gateways/stripe.ts';
import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import type { EvidenceRecords } from './read-records.ts';

/** Everything that the evidence for one dispute is made of. */
export type EvidenceSources = {
  dispute: AnswerableDispute;
  charge: FetchedCharge;
  /** Of this charge, also those that are on their way; none that failed. */
  refunds: readonly FetchedRefund[];
  customer: CustomerRow;
  records: EvidenceRecords;
  settings: DisputeSettings;
  /** What staff add in their own words. */
  said: EvidenceWords;
};

export type EvidenceWords = {
  /** What answers the bank's claim. */
  note?: string | undefined;
  /** Instead of the settings' own. */
  product?: string | undefined;
  /** The other payment, where the customer says that they paid twice. */
  duplicateOf?: string | undefined;
};
