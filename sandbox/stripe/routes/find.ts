import { noSuch } from '../http/stripe-refusal.ts';
import type { Customer } from '../objects/customer.ts';
import type { Core } from '../world/core.ts';
import type { Row, Table } from '../world/table.ts';

/** The object that the path names; 404 when there is none. */
export function findRow<T extends Row>(table: Table<T>, noun: string, id: string, param = 'id'): T {
  const row = table.get(id);
  if (!row) throw noSuch(noun, id, param);
  return row;
}

/** The object that a parameter names; 400 when there is none. */
export function findNamed<T extends Row>(table: Table<T>, noun: string, id: string, param: string): T {
  const row = table.get(id);
  if (!row) throw noSuch(noun, id, param, 400);
  return row;
}

/** A customer who can still be acted upon; a deleted one is as good as none. */
export function findLiveCustomer(core: Core, id: string, param = 'id'): Customer {
  const status = param === 'id' ? 404 : 400;
  if (core.tables.deletedCustomers.has(id)) throw noSuch('customer', id, param, status);
  const customer = core.tables.customers.get(id);
  if (!customer) throw noSuch('customer', id, param, status);
  return customer;
}

/** The rows of one customer, or all; a customer who never was is refused, a deleted one still has a past. */
export function rowsOf<T extends Row>(core: Core, table: Table<T>, customer: string | undefined): T[] {
  if (customer === undefined) return table.newestFirst();
  findNamed(core.tables.customers, 'customer', customer, 'customer');
  return table.of(customer);
}
