import type { Sql } from '#db/connection.ts';
import { listDisputesOfCustomer } from '#db/disputes.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { findPayments } from '#src/refunds/find-payments.ts';

const LOOKED_AT = 10;

/**
 * The disputes that a dispute's, a charge's, a payment intent's or an invoice's id names, or those of a customer. Of a
 * payment Stripe is asked, for the webhook that tells of its dispute may have been lost.
 */
export async function findDisputeIds(sql: Sql, stripe: StripeGateway, named: string): Promise<string[]> {
  const id = named.trim();
  if (/^(dp|du)_/.test(id)) return [id];
  if (/^(ch|py|pi|in)_/.test(id)) return idsOfPayment(sql, stripe, id);
  const customer = await findCustomer(sql, id).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message, error.hint, { dispute: error.message });
  });
  const rows = await listDisputesOfCustomer(sql, customer.id);
  if (rows.length === 0) throw noDispute(`${customer.email} disputes no payment that Lucy knows of.`);
  const open = rows.filter((row) => row.closed_at === null);
  return (open.length > 0 ? open : rows).slice(0, LOOKED_AT).map((row) => row.id);
}

async function idsOfPayment(sql: Sql, stripe: StripeGateway, id: string): Promise<string[]> {
  const { charges } = await findPayments(sql, stripe, id);
  const lists = await Promise.all(charges.map((charge) => stripe.listDisputes(charge.id)));
  const ids = lists.flat().map((dispute) => dispute.id);
  if (ids.length === 0) throw noDispute(`Nobody disputes ${id}.`);
  return ids.slice(0, LOOKED_AT);
}

function noDispute(message: string): UserError {
  const hint = '“dispute list” shows the disputes that are open. To give money back: refund request';
  return new UserError('not_found', message, hint, { dispute: message });
}
