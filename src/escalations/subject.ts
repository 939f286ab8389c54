import type { Sql } from '#db/connection.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';

/** What an escalation is about: a customer, any other id, or nothing in particular. */
export type Subject = { shown: string; customer: CustomerRow | null };

/**
 * A customer goes by the login email, however they were named, so that one matter is one escalation.
 *
 * @throws UserError for an email that nobody has
 */
export async function findSubject(sql: Sql, typed: string | undefined): Promise<Subject> {
  if (typed === undefined) return { shown: '', customer: null };
  const customer = await customerOf(sql, typed);
  return { shown: customer?.email ?? typed, customer };
}

async function customerOf(sql: Sql, typed: string): Promise<CustomerRow | null> {
  try {
    return await findCustomer(sql, typed);
  } catch (error) {
    // Whose a Stripe id is, or what an event is about, is often the very question.
    if (typed.includes('@') || !(error instanceof UserError)) throw error;
    return typed.startsWith('cust_') ? ((await findCustomerById(sql, typed)) ?? null) : null;
  }
}
