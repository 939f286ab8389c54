import { expect, test } from 'vitest';
import { fraudWords, reasonWords } from '#src/disputes/reasons.ts';

/** docs.stripe.com/api/disputes/object#dispute_object-reason */
const reasons = [
  'bank_cannot_process',
  'check_returned',
  'credit_not_processed',
  'customer_initiated',
  'debit_not_authorized',
  'duplicate',
  'fraudulent',
  'general',
  'incorrect_account_details',
  'insufficient_funds',
  'noncompliant',
  'product_not_received',
  'product_unacceptable',
  'subscription_canceled',
  'unrecognized',
];

test.each(reasons)('%s is explained: what the bank claims, and what answers it', (reason) => {
  const { claim, evidence } = reasonWords(reason);

  for (const sentence of [claim, evidence]) expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
  expect(claim).not.toContain('The bank’s reason is');
});

test('a reason that Stripe brings up one day is shown in its own words', () => {
  expect(reasonWords('made_on_mars').claim).toBe('The bank’s reason is “made on mars”.');
  expect(fraudWords('made_on_mars')).toBe('The bank calls it “made on mars”.');
});
