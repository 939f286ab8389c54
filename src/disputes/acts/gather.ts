import type { Sql } from '#db/connection.ts';
import { UserError } from '#src/core/errors.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import { gatherRefund, stripeTrouble } from '#src/refunds/gather.ts';
import { findDisputeIds } from './candidates.ts';
import { chooseDispute } from './choose.ts';
import type { DisputeFacts } from './dispute-facts.ts';

/**
 * The dispute that was named and its payment, as Stripe says they are now; asked with no transaction open.
 *
 * @param lineOf the same request for one dispute, to click
 * @throws ChoiceNeeded when what was named fits several disputes
 * @throws UserError when there is none, or Stripe cannot say
 */
export async function gatherDispute(
  sql: Sql,
  stripe: StripeGateway | null,
  named: string,
  lineOf: (disputeId: string) => string,
): Promise<DisputeFacts> {
  if (!stripe)
    throw new UserError(
      'unavailable',
      'A dispute is looked up at Stripe first, and this terminal has no key for it; nothing was changed.',
      'Set STRIPE_SECRET_KEY to the key that Lucy’s service has, or decide it in Slack.',
    );
  try {
    const ids = await findDisputeIds(sql, stripe, named);
    const disputes = await Promise.all(ids.map((id) => disputeAt(stripe, id)));
    const dispute = chooseDispute(named, disputes, lineOf);
    return { dispute, paid: await gatherRefund(sql, stripe, { payment: dispute.chargeId, reason: '' }) };
  } catch (error) {
    throw stripeTrouble(error);
  }
}

async function disputeAt(stripe: StripeGateway, id: string): Promise<AnswerableDispute> {
  const dispute = await stripe.getAnswerableDispute(id);
  if (dispute) return dispute;
  const message = `Stripe knows no dispute ${id}.`;
  const hint =
    'Check the id, and whether it is one of test or of live mode. “dispute list” shows the open ones.';
  throw new UserError('not_found', message, hint, { dispute: message });
}
