/** Why a card was declined, and what gets the money moving again. */
export type Decline = {
  /** For staff: a sentence. */
  why: string;
  /** What to ask the customer for; a sentence that begins with a verb. */
  ask: string;
  /** Trying the same card again is in vain. */
  isHard: boolean;
  /** Stripe asks not to tell the customer: it may be a thief who asks. They read “was declined”. */
  isDelicate: boolean;
};

const newCard = 'add another card in the billing portal';
const bank = 'ask the bank that issued the card, or add another card in the billing portal';
const correct = 'enter the card again in the billing portal';
const wait = 'wait for the next try, or pay the open invoice now';
const confirm = 'pay the open invoice now and confirm it with the bank';

type Row = [codes: string, why: string, ask: string, kind?: 'hard' | 'delicate'];

/**
 * docs.stripe.com/declines/codes, a row for each meaning. `delicate` are those of which Stripe says to tell the
 * customer nothing more than a generic decline; they are hard, too.
 */
// biome-ignore format: one row a line, so that it reads as the table that it is
const rows: readonly Row[] = [
  ['authentication_required authentication_not_handled', 'The bank wants the customer to confirm the payment (3-D Secure).', confirm],
  ['mobile_device_authentication_required', 'The bank wants the customer to confirm the payment on their phone.', confirm],
  ['approve_with_id', 'The bank could not authorise the payment.', wait],
  ['call_issuer', 'The bank declined, and wants the customer to call.', bank],
  ['card_not_supported', 'The card does not allow this kind of purchase.', bank, 'hard'],
  ['card_velocity_exceeded', 'The card is over the limit of its balance or credit.', bank],
  ['withdrawal_count_limit_exceeded', 'The card was used more often than its limit allows.', newCard],
  ['currency_not_supported', 'The card does not take this currency.', bank, 'hard'],
  ['do_not_honor no_action_taken not_permitted security_violation service_not_allowed transaction_not_allowed', 'The bank declined without a reason.', bank],
  ['generic_decline', 'The bank declined without a reason, or Stripe’s own rules did.', bank],
  ['do_not_try_again', 'The bank declined, and asks not to try this card again.', newCard, 'hard'],
  ['duplicate_transaction', 'The same amount was charged to the same card a moment ago.', 'see whether it was paid already'],
  ['expired_card', 'The card has expired.', newCard, 'hard'],
  ['incorrect_number invalid_number', 'The card number is wrong.', correct, 'hard'],
  ['incorrect_cvc invalid_cvc', 'The card’s security code is wrong.', correct],
  ['incorrect_zip incorrect_address', 'The billing address is not the one that the bank knows.', correct],
  ['invalid_expiry_month invalid_expiry_year', 'The card’s expiry date is wrong.', correct],
  ['incorrect_pin invalid_pin pin_try_exceeded offline_pin_required online_or_offline_pin_required', 'The card wants a PIN, which is for card readers.', newCard],
  ['insufficient_funds', 'There is not enough money on the card’s account.', 'see that the account has enough money, or add another card in the billing portal'],
  ['invalid_account new_account_information_available', 'The card, or the account behind it, is not valid any more.', newCard, 'hard'],
  ['invalid_amount', 'The amount is more than the bank allows.', bank],
  ['issuer_not_available', 'The bank could not be reached.', wait],
  ['processing_error reenter_transaction try_again_later', 'Something went wrong between the banks; it is nobody’s fault.', wait],
  ['stop_payment_order revocation_of_authorization revocation_of_all_authorizations', 'The customer told the bank to stop these payments.', 'ask whether they mean to go on, and to add another card in the billing portal if so', 'hard'],
  ['testmode_decline', 'A test card was used.', newCard, 'hard'],
  ['fraudulent', 'Stripe or the bank suspects fraud.', newCard, 'delicate'],
  ['lost_card', 'The card was reported lost.', newCard, 'delicate'],
  ['stolen_card', 'The card was reported stolen.', newCard, 'delicate'],
  ['pickup_card restricted_card', 'The bank does not let the card be used; it may be lost or stolen.', newCard, 'delicate'],
  ['merchant_blacklist', 'It matches a value on our own block list at Stripe.', newCard, 'delicate'],
];

const declines = new Map<string, Decline>(
  rows.flatMap(([codes, why, ask, kind]) =>
    codes
      .split(' ')
      .map((code): [string, Decline] => [
        code,
        { why, ask, isHard: kind !== undefined, isDelicate: kind === 'delicate' },
      ]),
  ),
);

/** A decline by Stripe's decline code, else by its error code; null when there was none. */
export function explainDecline(failure: { code: string | null; declineCode: string | null }): Decline | null {
  const { code, declineCode } = failure;
  if (declineCode === null && code === null) return null;
  return (
    declines.get(declineCode ?? '') ??
    declines.get(code ?? '') ?? {
      why: `The payment failed, and Stripe calls it ${declineCode ?? code}.`,
      ask: bank,
      isHard: false,
      isDelicate: false,
    }
  );
}

/** How many of Stripe's codes have a sentence here. */
export const knownDeclineCodes: readonly string[] = [...declines.keys()];
