import type { Metadata } from './metadata.ts';

/** https://docs.stripe.com/api/customer_portal/sessions/object */
export type PortalSession = {
  id: string;
  object: 'billing_portal.session';
  configuration: string;
  created: number;
  customer: string;
  customer_account: null;
  flow: null;
  livemode: boolean;
  locale: string | null;
  on_behalf_of: null;
  return_url: string | null;
  url: string;
};

const portalConfigurationDefaults = {
  object: 'billing_portal.configuration' as const,
  application: null,
  business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
  default_return_url: null,
  features: {
    customer_update: { allowed_updates: ['email', 'tax_id'], enabled: true },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true, payment_method_configuration: null },
    subscription_cancel: {
      cancellation_reason: { enabled: false, feedback_options: null, options: [] as string[] },
      enabled: true,
      mode: 'at_period_end',
      proration_behavior: 'none',
    },
    subscription_pause: { duration: null, enabled: false },
    subscription_update: {
      billing_cycle_anchor: null,
      default_allowed_updates: [] as string[],
      enabled: false,
      proration_behavior: 'none',
      schedule_at_period_end: { conditions: [] as string[] },
      trial_update_behavior: 'end_trial',
    },
  },
  login_page: { enabled: false, url: null },
  name: null,
};

/** https://docs.stripe.com/api/customer_portal/configurations/object */
export type PortalConfiguration = typeof portalConfigurationDefaults & {
  id: string;
  active: boolean;
  created: number;
  is_default: boolean;
  livemode: boolean;
  metadata: Metadata;
  updated: number;
};

export function buildPortalConfiguration(
  known: Pick<PortalConfiguration, 'id' | 'created' | 'is_default' | 'livemode'>,
): PortalConfiguration {
  return {
    ...structuredClone(portalConfigurationDefaults),
    ...known,
    active: true,
    metadata: {},
    updated: known.created,
  };
}
