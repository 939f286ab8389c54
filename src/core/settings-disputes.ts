import { z } from 'zod';

/** As long as Stripe takes a text of evidence: docs.stripe.com/api/disputes/update */
const disclosure = z.string().min(1).max(20_000);

/** What a dispute does to access, and what a bank is told when it is contested: the section `disputes:`. */
export const disputeSettings = z
  .strictObject({
    /** What a customer keeps while the bank holds the money of a formal dispute: everything, or restricted access. */
    access: z.enum(['keep', 'restrict']).default('keep'),
    /** Who you are to the cardholder: the name on their statement. */
    merchant: z.string().min(1).max(200).optional(),
    /** What the customer bought, as a stranger understands it. */
    product_description: disclosure.optional(),
    /** The policies that customers agree to when they buy, word for word. */
    refund_policy: disclosure.optional(),
    cancellation_policy: disclosure.optional(),
  })
  .prefault({});

export type DisputeSettings = z.infer<typeof disputeSettings>;
