import type { Metadata } from './metadata.ts';

export type SchedulePhase = {
  add_invoice_items: never[];
  application_fee_percent: null;
  billing_cycle_anchor: null;
  billing_thresholds: null;
  collection_method: null;
  currency: string;
  default_payment_method: null;
  default_tax_rates: never[];
  description: null;
  discounts: never[];
  end_date: number;
  invoice_settings: null;
  items: {
    billing_thresholds: null;
    discounts: never[];
    metadata: Metadata;
    plan: string;
    price: string;
    quantity: number;
    tax_rates: never[];
  }[];
  metadata: Metadata;
  on_behalf_of: null;
  proration_behavior: 'create_prorations' | 'none';
  start_date: number;
  transfer_data: null;
  trial_end: null;
};

const scheduleDefaults = {
  object: 'subscription_schedule' as const,
  application: null,
  billing_mode: { type: 'flexible', flexible: { proration_discounts: 'included' } },
  customer_account: null,
  default_settings: {
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: 'automatic',
    billing_thresholds: null,
    collection_method: 'charge_automatically',
    default_payment_method: null,
    description: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      days_until_due: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    on_behalf_of: null,
    transfer_data: null,
  },
  end_behavior: 'release',
  pause_schedules: [] as string[],
  test_clock: null,
};

/** https://docs.stripe.com/api/subscription_schedules/object */
export type SubscriptionSchedule = typeof scheduleDefaults & {
  id: string;
  canceled_at: number | null;
  completed_at: number | null;
  created: number;
  current_phase: { end_date: number; start_date: number } | null;
  customer: string;
  livemode: boolean;
  metadata: Metadata;
  phases: SchedulePhase[];
  released_at: number | null;
  released_subscription: string | null;
  status: 'active' | 'canceled' | 'completed' | 'not_started' | 'released';
  subscription: string | null;
};

export function buildSchedule(
  known: Pick<SubscriptionSchedule, 'id' | 'created' | 'customer' | 'livemode' | 'phases'> & {
    subscription: string;
  },
): SubscriptionSchedule {
  const current = known.phases[0];
  return {
    ...structuredClone(scheduleDefaults),
    ...known,
    canceled_at: null,
    completed_at: null,
    current_phase: current ? { end_date: current.end_date, start_date: current.start_date } : null,
    metadata: {},
    released_at: null,
    released_subscription: null,
    status: 'active',
  };
}

export function buildPhase(
  known: Pick<SchedulePhase, 'currency' | 'end_date' | 'start_date' | 'proration_behavior'> & {
    items: { price: string; quantity: number }[];
  },
): SchedulePhase {
  return {
    ...known,
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    invoice_settings: null,
    items: known.items.map((item) => ({
      billing_thresholds: null,
      discounts: [],
      metadata: {},
      plan: item.price,
      price: item.price,
      quantity: item.quantity,
      tax_rates: [],
    })),
    metadata: {},
    on_behalf_of: null,
    transfer_data: null,
    trial_end: null,
  };
}
