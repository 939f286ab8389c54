import type { Sql } from '#db/connection.ts';
import { listDisputesByAnyId } from '#db/disputes.ts';
import {
  type EvidenceBundleRow,
  findBundle,
  findBundleOfDispute,
  listBundlesOfCustomer,
} from '#db/evidence-bundles.ts';
import { findOpenOrderOfCustomer, findOrder, findOrderOfDispute } from '#db/evidence-orders.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';

/**
 * The newest bundle of what was named: a bundle, a dispute, its payment, or a customer.
 *
 * @throws UserError when nothing is preserved
 */
export async function findNamedBundle(sql: Sql, named: string): Promise<EvidenceBundleRow> {
  const id = named.trim();
  const found = id.startsWith('bnd_') ? await findBundle(sql, id.toLowerCase()) : await findOf(sql, id);
  if (found) return found;
  if (await isBeingMade(sql, id)) {
    const message = `The evidence of ${id} is being preserved; it is under legal hold already.`;
    throw new UserError('unavailable', message, `Ask again in a minute: dispute evidence ${id}`, {
      dispute: message,
    });
  }
  const message = `Nothing is preserved under ${id}.`;
  const hint =
    'Evidence is preserved when a formal dispute opens, and when fraud is suspected: dispute fraud CUSTOMER';
  throw new UserError('not_found', message, hint, { dispute: message });
}

async function isBeingMade(sql: Sql, id: string): Promise<boolean> {
  if (id.startsWith('bnd_')) return (await findOrder(sql, id.toLowerCase()))?.done_at === null;
  const disputes = await listDisputesByAnyId(sql, id);
  for (const { id: disputeId } of disputes)
    if ((await findOrderOfDispute(sql, disputeId))?.done_at === null) return true;
  if (disputes.length > 0 || /^(dp|du)_/.test(id)) return false;
  return (await findOpenOrderOfCustomer(sql, (await findCustomer(sql, id)).id)) !== undefined;
}

async function findOf(sql: Sql, id: string): Promise<EvidenceBundleRow | undefined> {
  const disputes = await listDisputesByAnyId(sql, id);
  for (const dispute of disputes) {
    const bundle = await findBundleOfDispute(sql, dispute.id);
    if (bundle) return bundle;
  }
  if (disputes.length > 0 || /^(dp|du)_/.test(id)) return undefined;
  const customer = await findCustomer(sql, id);
  return (await listBundlesOfCustomer(sql, customer.id))[0];
}
