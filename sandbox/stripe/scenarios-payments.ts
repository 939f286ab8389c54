import type { LocalStripe } from './local-stripe-types.ts';
import { dayInWords, inWords } from './plain-words.ts';
import type { Scenario } from './scenario.ts';
import {
  needsSofiasSubscription,
  owedInvoice,
  refundableCharge,
  sofiasSubscription,
  subscriptionOf,
} from './scenario-guards.ts';
import { stripeCast } from './seed-world.ts';

const { sofia, pastDue } = stripeCast;

/** The renewal of a subscription is declined. */
function missPayment({ world }: LocalStripe, subscriptionId: string, name: string): string {
  const invoice = world.renew(subscriptionId, { payment: 'declined' });
  const retry = invoice?.next_payment_attempt;
  const again = retry ? ` Stripe tries again on ${dayInWords(retry)}.` : '';
  return `${name}’s card was declined for ${inWords(invoice?.amount_due ?? 0)}; the subscription is past due.${again}`;
}

function refund(stripe: LocalStripe, share: number): string {
  const charge = refundableCharge(stripe);
  if (!charge) return 'There was nothing to refund.';
  const left = charge.amount - charge.amount_refunded;
  const amount = Math.min(left, Math.ceil(charge.amount * share));
  stripe.world.refund(charge.id, amount, { reason: 'requested_by_customer' });
  return `Somebody refunded ${inWords(amount)} of Sofia’s ${inWords(charge.amount)} in the Dashboard.`;
}

const nothingToRefund = (stripe: LocalStripe) =>
  refundableCharge(stripe) ? null : 'Sofia has no payment that could still be refunded.';

export const paymentScenarios: Scenario[] = [
  {
    id: 'sofia-payment-fails',
    title: 'Sofia’s payment fails',
    description: 'Sofia’s renewal is declined; her grace should open, and a mail tell her what to do.',
    whyNot(stripe) {
      const subscription = sofiasSubscription(stripe);
      if (!subscription) return needsSofiasSubscription(stripe);
      if (subscription.cancel_at_period_end) return 'Sofia has cancelled: there is no next payment.';
      return subscription.status === 'past_due' ? 'Sofia owes a payment already.' : null;
    },
    run: (stripe) => missPayment(stripe, sofiasSubscription(stripe)?.id ?? '', sofia.name),
  },
  {
    id: 'past-due-misses',
    title: 'Past Due Ltd misses a payment',
    description: 'The renewal of Past Due Ltd is declined; its grace should open.',
    whyNot(stripe) {
      const subscription = subscriptionOf(stripe, pastDue.id);
      if (!subscription) return 'Past Due Ltd has no subscription any more.';
      return subscription.status === 'past_due' ? 'Past Due Ltd owes a payment already.' : null;
    },
    run: (stripe) => missPayment(stripe, subscriptionOf(stripe, pastDue.id)?.id ?? '', pastDue.name),
  },
  {
    id: 'late-payment-succeeds',
    title: 'The late payment succeeds',
    description: 'Whoever owes a payment pays it; access should come back by itself.',
    whyNot: (stripe) => (owedInvoice(stripe) ? null : 'Nobody owes a payment.'),
    run(stripe) {
      const invoice = owedInvoice(stripe);
      if (invoice) stripe.world.payInvoice(invoice.id);
      return `${invoice?.customer_name} paid the ${inWords(invoice?.amount_paid ?? 0)} that was owed.`;
    },
  },
  {
    id: 'refund-half',
    title: 'Refund half of Sofia’s last payment in the Dashboard',
    description: 'Somebody refunds half without Lucy; her share of unspent credits should be taken back.',
    whyNot: nothingToRefund,
    run: (stripe) => refund(stripe, 0.5),
  },
  {
    id: 'refund-full',
    title: 'Refund Sofia’s last payment in the Dashboard',
    description:
      'Somebody refunds all that is left without Lucy; the payment’s credits should be taken back.',
    whyNot: nothingToRefund,
    run: (stripe) => refund(stripe, 1),
  },
  {
    id: 'credit-pack',
    title: 'Someone buys a credit pack',
    description: 'Sofia buys 100 credits in Checkout; they should arrive once.',
    whyNot: () => null,
    run({ world }) {
      world.checkout({ customer: sofia.id, price: 'credits_pack_100', clientReferenceId: sofia.email });
      return 'Sofia bought 100 AI credits for $10.00.';
    },
  },
];
