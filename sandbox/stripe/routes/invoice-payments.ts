import { createdPageParams, pageOf } from '../http/page.ts';
import { hash, oneOf, text } from '../http/param-kinds.ts';
import { required } from '../http/params.ts';
import { type Route, route } from '../http/route.ts';
import { findNamed, findRow } from './find.ts';

const listParams = {
  ...createdPageParams,
  invoice: text,
  payment: hash({
    payment_intent: text,
    payment_record: text,
    type: required(oneOf('payment_intent', 'payment_record')),
  }),
  status: oneOf('canceled', 'open', 'paid'),
};

/** https://docs.stripe.com/api/invoice-payment: since basil the only way from a payment to its invoice. */
export const invoicePaymentRoutes: Route[] = [
  route('GET /v1/invoice_payments', listParams, ({ core, params }) => {
    const { invoicePayments, invoices } = core.tables;
    if (params.invoice !== undefined) findNamed(invoices, 'invoice', params.invoice, 'invoice');
    const intent = params.payment?.payment_intent;
    return pageOf(
      '/v1/invoice_payments',
      'invoice_payment',
      params.invoice === undefined ? invoicePayments.newestFirst() : invoicePayments.of(params.invoice),
      params,
      (payment) =>
        (params.status === undefined || payment.status === params.status) &&
        params.payment?.type !== 'payment_record' &&
        (intent === undefined || payment.payment.payment_intent === intent),
    );
  }),
  route('GET /v1/invoice_payments/:id', {}, ({ core, id }) =>
    findRow(core.tables.invoicePayments, 'invoice payment', id),
  ),
];
