import type Stripe from 'stripe';
import { z } from 'zod';
import type { FetchedInvoice } from './stripe.ts';
import { moment, reference, text } from './stripe-fields.ts';
import { readInvoice } from './stripe-read-invoice.ts';
import { sendOnce } from './stripe-send-once.ts';

/** What Stripe says of money that is owed: the invoice, the last try to collect it, and where the customer can pay. */
export type OwedCalls = {
  /** The newest invoices of a customer, newest first. */
  listInvoices(stripeCustomerId: string, limit: number): Promise<OwedInvoice[]>;
  getOwedInvoice(invoiceId: string): Promise<OwedInvoice | null>;
  getAttempt(paymentIntentId: string): Promise<PaymentAttempt | null>;
  /**
   * A link to the customer's own billing portal: whoever has it is that customer. `forMail`: one that expired lets
   * the customer log in by email instead (docs.stripe.com/api/customer_portal/sessions/create).
   * @throws StripeSaidNo while nobody has saved the portal's settings
   */
  createPortalLink(stripeCustomerId: string, purpose: 'now' | 'forMail'): Promise<string>;
  /** Whether somebody has saved the portal's settings: without them there is no link. */
  hasPortalSettings(): Promise<boolean>;
};

export type OwedInvoice = FetchedInvoice & {
  number: string | null;
  amountDue: number;
  amountRemaining: number;
  dueAt: number | null;
  /** Stripe's page where this invoice is paid. */
  hostedUrl: string | null;
};

/** One payment intent, with why its last try failed. */
export type PaymentAttempt = {
  id: string;
  status: string;
  stripeCustomerId: string | null;
  currency: string;
  amount: number;
  createdAt: number;
  failure: PaymentFailure | null;
};

export type PaymentFailure = {
  /** docs.stripe.com/error-codes, such as `card_declined`. */
  code: string | null;
  /** docs.stripe.com/declines/codes, such as `insufficient_funds`. */
  declineCode: string | null;
  message: string | null;
};

const owedSchema = z.object({
  number: text,
  amount_due: z.number().nullish(),
  amount_remaining: z.number().nullish(),
  due_date: moment,
  hosted_invoice_url: text,
});

const attemptSchema = z.object({
  id: z.string(),
  status: z.string(),
  customer: reference,
  currency: text,
  amount: z.number(),
  created: moment,
  last_payment_error: z.object({ code: text, decline_code: text, message: text }).nullish(),
});

type Ask = <T>(call: () => Promise<T>) => Promise<T | null>;

export function owedCalls(stripe: Stripe, ask: Ask): OwedCalls {
  return {
    async listInvoices(customer, limit) {
      const raw = await ask(() => stripe.invoices.list({ customer, limit, expand: ['data.payments'] }));
      return (raw?.data ?? []).map(readOwedInvoice);
    },
    async getOwedInvoice(id) {
      const raw = await ask(() => stripe.invoices.retrieve(id, { expand: ['payments'] }));
      return raw && readOwedInvoice(raw);
    },
    async getAttempt(id) {
      const raw = await ask(() => stripe.paymentIntents.retrieve(id));
      return raw && readAttempt(raw);
    },
    async createPortalLink(customer, purpose) {
      const later = purpose === 'forMail' ? { after_expiration: { type: 'customer_login' as const } } : {};
      const session = await sendOnce(() => stripe.billingPortal.sessions.create({ customer, ...later }));
      return session.url;
    },
    async hasPortalSettings() {
      const found = await ask(() =>
        stripe.billingPortal.configurations.list({ active: true, is_default: true, limit: 1 }),
      );
      return (found?.data.length ?? 0) > 0;
    },
  };
}

function readOwedInvoice(raw: unknown): OwedInvoice {
  const value = owedSchema.parse(raw);
  return {
    ...readInvoice(raw),
    number: value.number,
    amountDue: value.amount_due ?? 0,
    amountRemaining: value.amount_remaining ?? 0,
    dueAt: value.due_date,
    hostedUrl: value.hosted_invoice_url,
  };
}

/** docs.stripe.com/api/payment_intents/object#payment_intent_object-last_payment_error */
function readAttempt(raw: unknown): PaymentAttempt {
  const value = attemptSchema.parse(raw);
  const error = value.last_payment_error;
  return {
    id: value.id,
    status: value.status,
    stripeCustomerId: value.customer,
    currency: value.currency ?? 'usd',
    amount: value.amount,
    createdAt: value.created ?? 0,
    failure: error ? { code: error.code, declineCode: error.decline_code, message: error.message } : null,
  };
}
