import { buildCustomer, type Customer } from '../objects/customer.ts';
import type { Metadata } from '../objects/metadata.ts';
import { buildPaymentMethod } from '../objects/payment-method.ts';
import { cancelNow } from './cancel.ts';
import type { Core } from './core.ts';
import { requireRow } from './require.ts';

export type NewCustomer = {
  id?: string;
  email?: string | null;
  name?: string | null;
  description?: string | null;
  metadata?: Metadata;
  /** A customer who never entered a card. */
  withoutCard?: boolean;
};

export function createCustomer(core: Core, input: NewCustomer): Customer {
  const customer = buildCustomer({
    id: input.id ?? core.newId('customer'),
    created: core.now(),
    email: input.email ?? null,
    livemode: core.livemode,
    metadata: input.metadata ?? {},
    name: input.name ?? null,
  });
  customer.description = input.description ?? null;
  core.tables.customers.add(customer);
  core.emit('customer.created', customer);
  if (!input.withoutCard) attachCard(core, customer.id);
  return customer;
}

/** The customer saves a card, for instance in the billing portal. */
export function attachCard(core: Core, customerId: string): void {
  const customer = requireRow(core.tables.customers, 'customer', customerId);
  const card = buildPaymentMethod({
    id: core.newId('paymentMethod'),
    created: core.now(),
    customer: customer.id,
    livemode: core.livemode,
  });
  core.tables.paymentMethods.add(card);
  core.emit('payment_method.attached', card);
  core.change('customer.updated', customer, () => {
    customer.invoice_settings.default_payment_method = card.id;
  });
}

export type CustomerEdit = {
  email?: string | null;
  name?: string | null;
  description?: string | null;
  metadata?: Metadata;
};

export function editCustomer(core: Core, customerId: string, edit: CustomerEdit): Customer {
  const customer = requireRow(core.tables.customers, 'customer', customerId);
  core.change('customer.updated', customer, () => Object.assign(customer, edit));
  return customer;
}

/** Deleting also cancels every subscription at once: https://docs.stripe.com/api/customers/delete */
export function deleteCustomer(core: Core, customerId: string): void {
  const customer = requireRow(core.tables.customers, 'customer', customerId);
  for (const subscription of core.tables.subscriptions.of(customer.id)) {
    if (subscription.ended_at === null) cancelNow(core, subscription.id);
  }
  core.tables.deletedCustomers.add(customer.id);
  core.emit('customer.deleted', customer);
}
