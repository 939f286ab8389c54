import type { FetchedInvoice } from '#src/gateways/stripe.ts';
import type { OwedCalls, OwedInvoice } from '#src/gateways/stripe-owed.ts';
import type { StripeTruth } from './stripe-truth.ts';

type Answer = <T>(name: string, read: () => T) => Promise<T>;

/** What is owed, read from the same invoices: nobody ever tells why a try failed. */
export function truthOwed(truth: () => StripeTruth, answer: Answer): OwedCalls {
  return {
    listInvoices: (customer, limit) =>
      answer('listInvoices', () =>
        [...truth().invoices.values()]
          .filter((row) => row.stripeCustomerId === customer)
          .reverse()
          .slice(0, limit)
          .map(owed),
      ),
    getOwedInvoice: (id) =>
      answer('getOwedInvoice', () => {
        const invoice = truth().invoices.get(id);
        return invoice ? owed(invoice) : null;
      }),
    getAttempt: () => answer('getAttempt', () => null),
    createPortalLink: (customer) =>
      answer('createPortalLink', () => `https://billing.stripe.com/p/session/${customer}`),
    hasPortalSettings: () => answer('hasPortalSettings', () => true),
  };
}

function owed(invoice: FetchedInvoice): OwedInvoice {
  const amountDue = invoice.lines.reduce((sum, line) => sum + line.amount, 0);
  return {
    ...structuredClone(invoice),
    number: null,
    amountDue,
    amountRemaining: amountDue - invoice.amountPaid,
    dueAt: null,
    hostedUrl: null,
  };
}
