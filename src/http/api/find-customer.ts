import type { Sql } from '#db/connection.ts';
import { type CustomerName, findStanding, type StandingRow } from '#db/product-customers.ts';
import { UserError } from '#src/core/errors.ts';
import { ApiProblem } from './problem.ts';

/** Exactly one of the two is there: `namesOne` has seen to it. */
export type Who = { email?: string | undefined; customer?: string | undefined };

/** The one customer that the product means, with all that it may ask of them. */
export async function requireCustomer(sql: Sql, who: Who, now: number): Promise<StandingRow> {
  const named = who.email ?? who.customer ?? '';
  const standing = await findStanding(sql, nameOf(who), now);
  if (standing) return standing;
  throw new UserError(
    'not_found',
    `There is no customer ${named}.`,
    'Make the customer known with PUT /api/customers/ID.',
  );
}

/** How the database finds whom the product means. */
export function nameOf({ email, customer = '' }: Who): CustomerName {
  if (email !== undefined) return { email };
  if (customer.startsWith('cust_')) return { id: customer.toLowerCase() };
  return customer.startsWith('cus_') ? { stripe: customer } : { productId: customer };
}

/** A lock ends all spending, whatever the tier says; what runs already may be settled. */
export function refuseLocked(customer: StandingRow): void {
  if (customer.access !== 'locked') return;
  throw new ApiProblem(
    403,
    'locked',
    `The account ${customer.email} is locked, so no credits can be spent.`,
    'Send the customer to support: staff locked the account, and only staff unlock it.',
  );
}
