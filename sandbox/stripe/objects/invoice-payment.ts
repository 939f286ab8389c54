/** https://docs.stripe.com/api/invoice-payment/object: the link between an invoice and what paid it. */
export type InvoicePayment = {
  id: string;
  object: 'invoice_payment';
  amount_paid: number | null;
  amount_requested: number;
  created: number;
  currency: string;
  invoice: string;
  is_default: boolean;
  livemode: boolean;
  payment: { type: 'payment_intent'; payment_intent: string };
  status: 'canceled' | 'open' | 'paid';
  status_transitions: { canceled_at: number | null; paid_at: number | null };
};

export function buildInvoicePayment(
  known: Pick<InvoicePayment, 'id' | 'amount_requested' | 'created' | 'currency' | 'invoice' | 'livemode'> & {
    payment_intent: string;
  },
): InvoicePayment {
  const { payment_intent, ...given } = known;
  return {
    ...given,
    object: 'invoice_payment',
    amount_paid: null,
    is_default: true,
    payment: { type: 'payment_intent', payment_intent },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  };
}
