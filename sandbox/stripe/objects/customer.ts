import type { Metadata } from './metadata.ts';

const customerDefaults = {
  object: 'customer' as const,
  address: null,
  currency: 'usd',
  default_source: null,
  discount: null,
  invoice_prefix: '0759376C',
  phone: null,
  preferred_locales: [] as string[],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
};

/** https://docs.stripe.com/api/customers/object */
export type Customer = typeof customerDefaults & {
  id: string;
  balance: number;
  created: number;
  delinquent: boolean;
  description: string | null;
  email: string | null;
  invoice_settings: {
    custom_fields: null;
    default_payment_method: string | null;
    footer: null;
    rendering_options: null;
  };
  livemode: boolean;
  metadata: Metadata;
  name: string | null;
  next_invoice_sequence: number;
};

export type DeletedCustomer = { id: string; object: 'customer'; deleted: true };

export function buildCustomer(
  known: Pick<Customer, 'id' | 'created' | 'email' | 'livemode' | 'metadata' | 'name'>,
): Customer {
  return {
    ...structuredClone(customerDefaults),
    ...known,
    balance: 0,
    delinquent: false,
    description: null,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    next_invoice_sequence: 1,
  };
}
