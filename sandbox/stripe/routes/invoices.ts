import { createdPageParams, pageOf, pageParams } from '../http/page.ts';
import { oneOf, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest, StripeRefusal } from '../http/stripe-refusal.ts';
import { voidInvoice } from '../world/bill.ts';
import { failInvoice, payInvoice } from '../world/dunning.ts';
import { insufficientFunds, intentOf } from '../world/payments.ts';
import { findNamed, findRow, rowsOf } from './find.ts';

const listParams = {
  ...createdPageParams,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  customer: text,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: text,
};

/** https://docs.stripe.com/api/invoices */
export const invoiceRoutes: Route[] = [
  route('GET /v1/invoices', listParams, ({ core, params }) => {
    const { subscription } = params;
    if (subscription !== undefined) {
      findNamed(core.tables.subscriptions, 'subscription', subscription, 'subscription');
    }
    return pageOf(
      '/v1/invoices',
      'invoice',
      rowsOf(core, core.tables.invoices, params.customer),
      params,
      (invoice) =>
        (params.status === undefined || invoice.status === params.status) &&
        (params.collection_method === undefined || invoice.collection_method === params.collection_method) &&
        (subscription === undefined || invoice.parent?.subscription_details.subscription === subscription),
    );
  }),
  route('GET /v1/invoices/:id', {}, ({ core, id }) => findRow(core.tables.invoices, 'invoice', id)),
  route('GET /v1/invoices/:id/lines', pageParams, ({ core, id, params }) => {
    const { lines, created } = findRow(core.tables.invoices, 'invoice', id);
    const rows = lines.data.map((line) => ({ ...line, created }));
    const page = pageOf(lines.url, 'line_item', rows, params);
    return { ...page, data: page.data.map(({ created: _created, ...line }) => line) };
  }),
  route('POST /v1/invoices/:id/pay', {}, ({ core, id }) => {
    const invoice = findRow(core.tables.invoices, 'invoice', id);
    if (invoice.status === 'paid')
      throw invalidRequest('Invoice is already paid', { code: 'invoice_already_paid' });
    if (invoice.status !== 'open') {
      throw invalidRequest(`Invoices with a status of ${invoice.status} cannot be paid.`);
    }
    if (!core.tables.decliningCustomers.has(invoice.customer)) return payInvoice(core, invoice.id);
    failInvoice(core, invoice.id);
    const charge = intentOf(core, invoice)?.latest_charge;
    throw new StripeRefusal(402, {
      type: 'card_error',
      code: insufficientFunds.code,
      message: insufficientFunds.message,
      ...(insufficientFunds.declineCode ? { decline_code: insufficientFunds.declineCode } : {}),
      ...(charge ? { charge } : {}),
    });
  }),
  route('POST /v1/invoices/:id/void', {}, ({ core, id }) => {
    const invoice = findRow(core.tables.invoices, 'invoice', id);
    if (invoice.status === 'open' || invoice.status === 'uncollectible') return voidInvoice(core, invoice.id);
    throw invalidRequest(`You can only pass in open or uncollectible invoices. This invoice isn't open.`);
  }),
];
