/**
 * Which Stripe events Lucy takes, and what each one means to her (research/billing-anchors.md section 5). An event
 * never carries state: `state` only says that the customer must be fetched again, and the others name the
 * object to fetch. Types that are not in this table are stored as ignored.
 */
export type EventRule = {
  /** `state`: fetch the customer again; any other names the object to fetch besides. */
  kind: 'state' | 'invoice' | 'session' | 'refund' | 'dispute' | 'warning' | 'review';
  /** Lower is sooner: what takes or restores access goes before what is cosmetic. */
  priority: number;
  why: string;
};

const rule = (kind: EventRule['kind'], priority: number, why: string): EventRule => ({ kind, priority, why });

export const eventRules: Readonly<Record<string, EventRule>> = {
  'checkout.session.completed': rule(
    'session',
    1,
    'Somebody bought: link by client_reference_id, credits of a one-off pack.',
  ),
  'checkout.session.async_payment_succeeded': rule('session', 1, 'A delayed payment method paid at last.'),
  'checkout.session.async_payment_failed': rule('state', 5, 'A delayed payment method failed: no credits.'),
  'customer.subscription.created': rule('state', 1, 'A subscription began.'),
  'customer.subscription.updated': rule('state', 1, 'Anything about a subscription changed.'),
  'customer.subscription.deleted': rule('state', 1, 'A subscription ended; another may still count.'),
  'customer.subscription.paused': rule('state', 1, 'A trial ended without a payment method.'),
  'customer.subscription.resumed': rule('state', 1, 'A paused subscription runs again.'),
  'customer.subscription.pending_update_applied': rule(
    'state',
    1,
    'An upgrade that waited for its payment is in force.',
  ),
  'customer.subscription.pending_update_expired': rule('state', 2, 'An upgrade was never paid.'),
  'customer.subscription.trial_will_end': rule('state', 7, 'A notice; state is fetched anyway.'),
  'subscription_schedule.released': rule('state', 4, 'A planned change was dropped.'),
  'subscription_schedule.completed': rule('state', 4, 'A planned change came into force.'),
  'subscription_schedule.canceled': rule('state', 4, 'A planned change was cancelled.'),
  'subscription_schedule.aborted': rule('state', 4, 'A planned change was aborted.'),
  'invoice.paid': rule('invoice', 1, 'Money came: credits of its lines, grace ends.'),
  'invoice.payment_failed': rule('invoice', 2, 'A renewal failed: grace begins, once per invoice.'),
  'invoice.payment_action_required': rule('invoice', 3, 'The bank asks the customer; the same grace rule.'),
  'invoice.finalization_failed': rule('invoice', 6, 'Tax or address is missing, so it is not collected.'),
  'invoice.voided': rule('invoice', 2, 'What it granted goes back.'),
  'invoice.marked_uncollectible': rule('invoice', 2, 'Given up: grace ends.'),
  'invoice.overdue': rule('invoice', 4, 'A sent invoice passed its due date.'),
  'charge.refunded': rule('refund', 2, 'Ours or the dashboard’s: credits settle to what is left paid.'),
  'refund.created': rule('refund', 2, 'The same money, seen from the refund.'),
  'refund.updated': rule('refund', 2, 'A pending refund ended one way or the other.'),
  'refund.failed': rule('refund', 2, 'The money stayed: credits come back.'),
  'charge.refund.updated': rule('refund', 2, 'The older name of refund.updated.'),
  'charge.dispute.created': rule('dispute', 2, 'The cardholder’s bank inquires, or took the money.'),
  'charge.dispute.updated': rule('dispute', 4, 'Its status, deadline or evidence changed.'),
  'charge.dispute.funds_withdrawn': rule('dispute', 4, 'The money is away for now; that is not a loss yet.'),
  'charge.dispute.funds_reinstated': rule('dispute', 4, 'The money is back for now; that is not a win yet.'),
  'charge.dispute.closed': rule('dispute', 2, 'Won, lost or withdrawn: credits are free again, or taken.'),
  'radar.early_fraud_warning.created': rule('warning', 3, 'A bank suspects fraud: a card for billing.'),
  'radar.early_fraud_warning.updated': rule('warning', 5, 'A dispute followed, or it was refunded.'),
  'review.opened': rule('review', 7, 'A payment waits for a review: a note on the customer’s timeline.'),
  'review.closed': rule('review', 7, 'The review ended: a note on the customer’s timeline.'),
  'payment_method.attached': rule('state', 8, 'During grace a new card may have paid.'),
  'payment_method.automatically_updated': rule('state', 8, 'During grace a new card may have paid.'),
  'customer.created': rule('state', 6, 'Metadata may name our customer.'),
  'customer.updated': rule('state', 8, 'Metadata may name our customer.'),
  'customer.deleted': rule('state', 2, 'Subscriptions end; what was bought stays.'),
};

export function ruleOf(type: string): EventRule | undefined {
  return Object.hasOwn(eventRules, type) ? eventRules[type] : undefined;
}
