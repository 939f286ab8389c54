import { createdPageParams, pageOf } from '../http/page.ts';
import { emptyable, metadata, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { createCustomer, deleteCustomer, editCustomer } from '../world/customers.ts';
import { findLiveCustomer, findRow } from './find.ts';
import { mergeMetadata } from './metadata.ts';

const writable = {
  description: emptyable(text),
  email: emptyable(text),
  metadata,
  name: emptyable(text),
};

/** https://docs.stripe.com/api/customers */
export const customerRoutes: Route[] = [
  route('POST /v1/customers', writable, ({ core, params }) =>
    createCustomer(core, {
      description: params.description ?? null,
      email: params.email ?? null,
      metadata: mergeMetadata({}, params.metadata),
      name: params.name ?? null,
      withoutCard: true,
    }),
  ),
  // The filter by e-mail is exact and minds upper and lower case.
  route('GET /v1/customers', { ...createdPageParams, email: text }, ({ core, params }) =>
    pageOf(
      '/v1/customers',
      'customer',
      core.tables.customers.newestFirst(),
      params,
      (customer) =>
        !core.tables.deletedCustomers.has(customer.id) &&
        (params.email === undefined || customer.email === params.email),
    ),
  ),
  route('GET /v1/customers/:id', {}, ({ core, id }) => findRow(core.tables.customers, 'customer', id)),
  route('POST /v1/customers/:id', writable, ({ core, id, params }) => {
    const customer = findLiveCustomer(core, id);
    return editCustomer(core, customer.id, {
      ...(params.description !== undefined ? { description: params.description } : {}),
      ...(params.email !== undefined ? { email: params.email } : {}),
      ...(params.name !== undefined ? { name: params.name } : {}),
      metadata: mergeMetadata(customer.metadata, params.metadata),
    });
  }),
  route('DELETE /v1/customers/:id', {}, ({ core, id }) => {
    const customer = findLiveCustomer(core, id);
    deleteCustomer(core, customer.id);
    return customer;
  }),
];
