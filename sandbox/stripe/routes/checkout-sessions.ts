import { createdPageParams, pageOf, pageParams } from '../http/page.ts';
import { oneOf, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { findRow, rowsOf } from './find.ts';

const listParams = {
  ...createdPageParams,
  customer: text,
  payment_intent: text,
  status: oneOf('complete', 'expired', 'open'),
  subscription: text,
};

/** https://docs.stripe.com/api/checkout/sessions */
export const checkoutSessionRoutes: Route[] = [
  route('GET /v1/checkout/sessions', listParams, ({ core, params }) =>
    pageOf(
      '/v1/checkout/sessions',
      'checkout.session',
      rowsOf(core, core.tables.checkoutSessions, params.customer),
      params,
      (session) =>
        (params.payment_intent === undefined || session.payment_intent === params.payment_intent) &&
        (params.status === undefined || session.status === params.status) &&
        (params.subscription === undefined || session.subscription === params.subscription),
    ),
  ),
  route('GET /v1/checkout/sessions/:id', {}, ({ core, id }) =>
    findRow(core.tables.checkoutSessions, 'checkout.session', id, 'session'),
  ),
  route('GET /v1/checkout/sessions/:id/line_items', pageParams, ({ core, id, params }) => {
    const { created } = findRow(core.tables.checkoutSessions, 'checkout.session', id, 'session');
    const rows = (core.tables.sessionLines.get(id) ?? []).map((line) => ({ ...line, created }));
    const page = pageOf(`/v1/checkout/sessions/${id}/line_items`, 'item', rows, params);
    return { ...page, data: page.data.map(({ created: _created, ...line }) => line) };
  }),
];
