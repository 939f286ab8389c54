/** What a bank claims with one of Stripe's reasons, and what answers it; both are sentences. */
export type ReasonWords = { claim: string; evidence: string };

const used =
  'Show that the customer used what they bought: sign-ins, reports and AI usage after the payment, with their times.';

/** docs.stripe.com/disputes/categories, “Category defense guidelines”; the reasons of docs.stripe.com/api/disputes/object */
const reasons: Readonly<Record<string, ReasonWords>> = {
  bank_cannot_process: {
    claim: 'The bank could not process the payment.',
    evidence: 'Show that the payment was authorised by the account’s owner.',
  },
  check_returned: {
    claim: 'The check was returned unpaid.',
    evidence: 'There is hardly an answer to this; ask the customer for another way to pay.',
  },
  credit_not_processed: {
    claim: 'The customer says that a refund was promised, or due, and never came.',
    evidence: 'Show that it was refunded already, or that the refund policy they accepted gives none.',
  },
  customer_initiated: {
    claim: 'The customer took the debit back, without having to say why.',
    evidence: 'Bank debits can mostly not be contested; talk with the customer.',
  },
  debit_not_authorized: {
    claim: 'The customer says that they never allowed this debit.',
    evidence: 'Show the mandate that they gave, and when; many bank debits cannot be contested.',
  },
  duplicate: {
    claim: 'The customer says that they paid twice for the same thing.',
    evidence:
      'Show the two payments and what each was for; if it was one thing, accept or refund the second payment.',
  },
  fraudulent: {
    claim: 'The cardholder says that they did not make or allow this payment.',
    evidence: `${used} Add what shows that it was the cardholder: the name, email and IP address of the purchase, and former payments that nobody disputed.`,
  },
  general: {
    claim: 'The bank gives no reason that fits a category.',
    evidence: `Ask the customer what is wrong. ${used}`,
  },
  incorrect_account_details: {
    claim: 'The account details were wrong.',
    evidence: 'Show that the details were given and confirmed by the customer.',
  },
  insufficient_funds: {
    claim: 'There was not enough money on the account.',
    evidence: 'There is hardly an answer to this; ask the customer for another way to pay.',
  },
  noncompliant: {
    claim: 'The bank says that the payment broke a rule of the card network.',
    evidence: 'Answer the rule that the network names; countering it can cost a fee of its own.',
  },
  product_not_received: {
    claim: 'The customer says that they did not get what they paid for.',
    evidence: `Show when access was given. ${used}`,
  },
  product_unacceptable: {
    claim: 'The customer says that what they got is defective or not as described.',
    evidence: 'Show how it was described when they bought it, that it worked, and what support did for them.',
  },
  subscription_canceled: {
    claim:
      'The customer says that they were charged after they had cancelled, or without notice of the renewal.',
    evidence:
      'Show that it was not cancelled before this payment, the cancellation policy they accepted, and use after the claimed date.',
  },
  unrecognized: {
    claim: 'The cardholder does not recognise the payment on their statement.',
    evidence: `Tell them what it was; often they withdraw it. ${used}`,
  },
};

/** A reason that Stripe brings up one day is shown as Stripe says it. */
export function reasonWords(reason: string): ReasonWords {
  return (
    reasons[reason] ?? {
      claim: `The bank’s reason is “${reasonName(reason)}”.`,
      evidence: `Ask the customer what is wrong. ${used}`,
    }
  );
}

export function reasonName(reason: string): string {
  return reason.replaceAll('_', ' ');
}

/** docs.stripe.com/api/radar/early_fraud_warnings/object#early_fraud_warning_object-fraud_type */
const fraudTypes: Readonly<Record<string, string>> = {
  card_never_received: 'The card was intercepted on its way to the cardholder.',
  fraudulent_card_application: 'The card was applied for in somebody else’s name.',
  made_with_counterfeit_card: 'The payment was made with a copy of the card.',
  made_with_lost_card: 'The payment was made with a card that was lost.',
  made_with_stolen_card: 'The payment was made with a stolen card.',
  misc: 'The bank does not say what kind of fraud it is.',
  unauthorized_use_of_card: 'Somebody used the card without the cardholder’s permission.',
};

export function fraudWords(type: string): string {
  return fraudTypes[type] ?? `The bank calls it “${reasonName(type)}”.`;
}

/** docs.stripe.com/api/radar/reviews/object#review_object-reason */
const reviewReasons: Readonly<Record<string, string>> = {
  rule: 'a rule of Radar asked for it',
  manual: 'somebody asked for it by hand',
  approved: 'it was approved',
  refunded: 'the payment was refunded',
  refunded_as_fraud: 'the payment was refunded as fraud',
  disputed: 'the payment was disputed',
  canceled: 'the payment was cancelled',
  redacted: 'its data were removed',
  payment_never_settled: 'the payment never settled',
  acknowledged: 'somebody acknowledged it',
};

export function reviewWords(review: { isOpen: boolean; reason: string; chargeId: string | null }): string {
  const why = reviewReasons[review.reason] ?? reasonName(review.reason);
  const what = review.chargeId ? `payment ${review.chargeId}` : 'a payment';
  return review.isOpen
    ? `Stripe’s review of ${what} is open: ${why}.`
    : `Stripe’s review of ${what} ended: ${why}.`;
}
