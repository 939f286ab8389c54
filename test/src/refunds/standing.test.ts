import { expect, test } from 'vitest';
import type { FetchedCharge, FetchedRefund } from '#src/gateways/stripe.ts';
import { type FetchedDispute, readDispute } from '#src/gateways/stripe-disputes-read.ts';
import { readCharge } from '#src/gateways/stripe-read-charge.ts';
import { standingOf } from '#src/refunds/standing.ts';

const charge = (patch: Partial<FetchedCharge> = {}): FetchedCharge => ({
  ...readCharge({ id: 'ch_1', amount: 4_900, amount_captured: 4_900, captured: true, currency: 'usd' }),
  ...patch,
});

const refund = (amount: number, status: string): FetchedRefund => ({
  id: `re_${amount}`,
  chargeId: 'ch_1',
  amount,
  currency: 'usd',
  status,
  failureReason: null,
  pendingReason: null,
  metadata: {},
  createdAt: 0,
});

const dispute = (status: string, patch: Partial<FetchedDispute> = {}): FetchedDispute => ({
  ...readDispute({ id: 'dp_1', status, amount: 4_900 }),
  ...patch,
});

test.each([
  ['nothing refunded', 0, [], 0, 4_900],
  ['a part', 1_000, [refund(1_000, 'succeeded')], 1_000, 3_900],
  ['a pending one, which Stripe counts', 1_000, [refund(1_000, 'pending')], 1_000, 3_900],
  ['one that waits for the customer', 1_000, [refund(1_000, 'requires_action')], 1_000, 3_900],
  ['one that failed, which Stripe counts no more', 0, [refund(1_000, 'failed')], 0, 4_900],
  ['one that was cancelled', 0, [refund(1_000, 'canceled')], 0, 4_900],
  // Read a moment apart, the two may differ: then the larger one holds, so that nothing goes back twice.
  ['a list that is newer than the charge', 0, [refund(1_000, 'succeeded')], 1_000, 3_900],
  ['a charge that is newer than the list', 1_000, [], 1_000, 3_900],
  ['everything', 4_900, [refund(4_900, 'succeeded')], 4_900, 0],
])('%s', (_what, amountRefunded, refunds, refunded, left) => {
  expect(standingOf(charge({ amountRefunded }), refunds, [])).toMatchObject({ refunded, left });
});

test('a partial capture leaves what was captured, and its release is no refund that Stripe lists', () => {
  const captured = charge({ amountCaptured: 3_000, amountRefunded: 1_900 });

  expect(standingOf(captured, [], [])).toMatchObject({ left: 3_000, listed: 0 });
  const once = standingOf({ ...captured, amountRefunded: 2_900 }, [refund(1_000, 'succeeded')], []);
  expect(once).toMatchObject({ left: 2_000, listed: 1_000 });
});

test.each([
  ['needs_response', false, false, 'disputed'],
  ['under_review', false, false, 'disputed'],
  ['lost', false, false, 'disputed'],
  ['prevented', false, false, 'disputed'],
  ['a_status_of_tomorrow', false, false, 'disputed'],
  ['needs_response', true, true, 'inquiry'],
  ['warning_needs_response', false, true, 'inquiry'],
  ['warning_under_review', false, true, 'inquiry'],
  ['warning_closed', false, true, 'paid'],
  ['won', false, true, 'paid'],
])(
  'a dispute that is %s (refundable: %s): a refund is possible: %s',
  (status, isChargeRefundable, isRefundable, words) => {
    const standing = standingOf(charge(), [], [dispute(status, { isChargeRefundable })]);

    expect(standing).toMatchObject({ isRefundable, words });
  },
);

test('one dispute in the way is enough, whatever became of the others', () => {
  const disputes = [dispute('won'), dispute('needs_response')];

  expect(standingOf(charge(), [], disputes)).toMatchObject({ isRefundable: false, words: 'disputed' });
});
