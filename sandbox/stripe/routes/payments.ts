import { createdPageParams, pageOf, pageParams } from '../http/page.ts';
import { oneOf, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { findNamed, findRow, rowsOf } from './find.ts';

/** https://docs.stripe.com/api/payment_intents, …/charges and …/payment_methods */
export const paymentRoutes: Route[] = [
  route('GET /v1/payment_intents', { ...createdPageParams, customer: text }, ({ core, params }) =>
    pageOf(
      '/v1/payment_intents',
      'payment_intent',
      rowsOf(core, core.tables.paymentIntents, params.customer),
      params,
    ),
  ),
  route('GET /v1/payment_intents/:id', {}, ({ core, id }) =>
    findRow(core.tables.paymentIntents, 'payment_intent', id, 'intent'),
  ),
  route(
    'GET /v1/charges',
    { ...createdPageParams, customer: text, payment_intent: text },
    ({ core, params }) => {
      const intent = params.payment_intent;
      if (intent !== undefined) {
        findNamed(core.tables.paymentIntents, 'payment_intent', intent, 'payment_intent');
      }
      return pageOf(
        '/v1/charges',
        'charge',
        rowsOf(core, core.tables.charges, params.customer),
        params,
        (charge) => intent === undefined || charge.payment_intent === intent,
      );
    },
  ),
  route('GET /v1/charges/:id', {}, ({ core, id }) => findRow(core.tables.charges, 'charge', id)),
  route('GET /v1/payment_methods/:id', {}, ({ core, id }) =>
    findRow(core.tables.paymentMethods, 'PaymentMethod', id, 'payment_method'),
  ),
  route(
    'GET /v1/customers/:id/payment_methods',
    { ...pageParams, type: oneOf('card', 'sepa_debit', 'us_bank_account') },
    ({ core, id, params }) => {
      findRow(core.tables.customers, 'customer', id);
      return pageOf(
        `/v1/customers/${id}/payment_methods`,
        'payment_method',
        core.tables.paymentMethods.of(id),
        params,
        (method) => params.type === undefined || method.type === params.type,
      );
    },
  ),
];
