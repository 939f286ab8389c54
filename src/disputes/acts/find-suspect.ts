import type { Sql } from '#db/connection.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import { type DisputeRow, listDisputesByAnyId, listDisputesOfCustomer } from '#db/disputes.ts';
import { listFraudWarningsOfCharge } from '#db/fraud-warnings.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';

/** Who is suspected, and of which dispute; null before anybody disputed. */
export type Suspect = { customer: CustomerRow; dispute: DisputeRow | null };

/**
 * From the database alone: an account must be locked while Stripe is away, too.
 *
 * @throws UserError when nobody of ours is behind it
 */
export async function findSuspect(sql: Sql, named: string): Promise<Suspect> {
  const id = named.trim();
  const [dispute] = await listDisputesByAnyId(sql, id);
  if (dispute) return { customer: await ownerOf(sql, dispute.id, dispute), dispute };
  if (/^(dp|du)_/.test(id)) {
    const message = `Lucy knows no dispute ${id} yet.`;
    const hint = 'Name its charge or the customer instead, or look it up first: dispute show …';
    throw new UserError('not_found', message, hint, { dispute: message });
  }
  const [warning] = await listFraudWarningsOfCharge(sql, id);
  if (warning) return { customer: await ownerOf(sql, id, warning), dispute: null };
  const customer = await findCustomer(sql, id).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message, error.hint, { dispute: error.message });
  });
  const open = (await listDisputesOfCustomer(sql, customer.id)).find((row) => row.closed_at === null);
  return { customer, dispute: open ?? null };
}

async function ownerOf(
  sql: Sql,
  id: string,
  { customer_id, stripe_customer_id }: { customer_id: string | null; stripe_customer_id: string | null },
): Promise<CustomerRow> {
  const customer = customer_id === null ? undefined : await findCustomerById(sql, customer_id);
  if (customer) return customer;
  throw new UserError(
    'conflict',
    `${id} was paid by ${stripe_customer_id ?? 'nobody whom Stripe names'}, and Lucy does not know which customer that is, so there is no account to lock.`,
    `Say whose it is, then ask again: customer link EMAIL ${stripe_customer_id ?? 'cus_…'}`,
    { dispute: 'Lucy does not know whose payment this is.' },
  );
}
