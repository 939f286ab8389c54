import type { List } from './list.ts';
import { listOf } from './list.ts';
import type { Metadata } from './metadata.ts';
import type { Price } from './price.ts';
import { planOf } from './price.ts';

export type SubscriptionStatus =
  | 'incomplete'
  | 'incomplete_expired'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'canceled'
  | 'unpaid'
  | 'paused';

export type PauseBehavior = 'keep_as_draft' | 'mark_uncollectible' | 'void';

/** https://docs.stripe.com/api/subscription_items/object: since basil the period lives here. */
export type SubscriptionItem = {
  id: string;
  object: 'subscription_item';
  billing_thresholds: null;
  created: number;
  current_period_end: number;
  current_period_start: number;
  current_trial: null;
  discounts: string[];
  metadata: Metadata;
  plan: ReturnType<typeof planOf>;
  price: Price;
  quantity: number;
  subscription: string;
  tax_rates: string[];
};

export type CancellationDetails = {
  comment: string | null;
  feedback: string | null;
  feedback_option: string | null;
  reason: string | null;
};

const subscriptionDefaults = {
  object: 'subscription' as const,
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor_config: null,
  billing_schedules: [] as string[],
  billing_thresholds: null,
  customer_account: null,
  days_until_due: null,
  default_source: null,
  default_tax_rates: [] as string[],
  description: null,
  discounts: [] as string[],
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: 'self' },
  },
  managed_payments: { enabled: false },
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  payment_settings: {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method: 'off',
  },
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  test_clock: null,
  transfer_data: null,
  trial_settings: {
    end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
  },
};

/** https://docs.stripe.com/api/subscriptions/object */
export type Subscription = typeof subscriptionDefaults & {
  id: string;
  billing_cycle_anchor: number;
  billing_mode: { type: 'flexible'; flexible: { proration_discounts: string }; updated_at: number };
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  canceled_at: number | null;
  cancellation_details: CancellationDetails;
  collection_method: 'charge_automatically' | 'send_invoice';
  created: number;
  currency: string;
  customer: string;
  default_payment_method: string | null;
  ended_at: number | null;
  items: List<SubscriptionItem>;
  latest_invoice: string | null;
  livemode: boolean;
  metadata: Metadata;
  pause_collection: { behavior: PauseBehavior; resumes_at: number | null } | null;
  schedule: string | null;
  start_date: number;
  status: SubscriptionStatus;
  /** Only while paused. */
  status_details?: {
    paused: { subscription: { type: string }; transitioned_at: number; type: 'subscription' };
  };
  trial_end: number | null;
  trial_start: number | null;
};

export function buildSubscription(
  known: Pick<
    Subscription,
    | 'id'
    | 'billing_cycle_anchor'
    | 'collection_method'
    | 'created'
    | 'currency'
    | 'customer'
    | 'default_payment_method'
    | 'livemode'
    | 'metadata'
    | 'status'
    | 'trial_end'
    | 'trial_start'
  >,
): Subscription {
  return {
    ...structuredClone(subscriptionDefaults),
    ...known,
    billing_mode: {
      type: 'flexible',
      flexible: { proration_discounts: 'included' },
      updated_at: known.created,
    },
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    ended_at: null,
    items: listOf(`/v1/subscription_items?subscription=${known.id}`, []),
    latest_invoice: null,
    pause_collection: null,
    schedule: null,
    start_date: known.created,
  };
}

export function buildSubscriptionItem(
  known: Pick<
    SubscriptionItem,
    'id' | 'created' | 'current_period_end' | 'current_period_start' | 'price' | 'quantity' | 'subscription'
  >,
): SubscriptionItem {
  return {
    ...known,
    object: 'subscription_item',
    billing_thresholds: null,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(known.price),
    price: structuredClone(known.price),
    tax_rates: [],
  };
}
