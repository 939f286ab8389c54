import type { Sql } from '#db/connection.ts';
import { findLink } from '#db/customer-links.ts';
import { type DisputeRow, findDispute, listDisputesByAnyId, listDisputesOfCustomer } from '#db/disputes.ts';
import { UserError } from '#src/core/errors.ts';
import { formatMoney } from '#src/core/money.ts';
import { findCustomer } from '#src/customers/find.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { isOver } from '#src/gateways/stripe-dispute-status.ts';
import type { FetchedDispute } from '#src/gateways/stripe-disputes-read.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import { factsOf } from './record.ts';
import { wantsAnswer } from './status.ts';

export type FoundDispute = {
  /** As Stripe has it now, where Stripe could be asked; else as it was told last. */
  dispute: DisputeRow;
  isFresh: boolean;
  warnings: string[];
  /** The others that what was named fits. */
  others: ReplyButton[];
};

type Asking = { sql: Sql; stripe: StripeGateway | null; mode: string; now: number };

/**
 * The dispute that a person named: by its id, its charge, payment intent or invoice, or by its customer; of several
 * the most urgent one. Nothing is written down: what Stripe says now is booked by the next pass.
 *
 * @throws UserError when there is none
 */
export async function lookUpDispute(asking: Asking, named: string): Promise<FoundDispute> {
  const text = named.trim();
  const known = await listKnown(asking.sql, text);
  const { found, isAsked } = await askStripe(asking.stripe, text, known);
  const fresh = await Promise.all(found.map((dispute) => rowOf(asking, dispute)));
  const all = [...fresh, ...known.filter(({ id }) => !fresh.some((row) => row.id === id))].sort(urgentFirst);
  const [dispute, ...others] = all;
  if (!dispute) throw unknown(text, isAsked);
  const before = known.find(({ id }) => id === dispute.id);
  const isFresh = fresh.includes(dispute);
  return {
    dispute,
    isFresh,
    warnings: [
      ...(isFresh ? [] : ['Stripe could not be asked now, so this is what it said last.']),
      ...(before && before.status !== dispute.status
        ? [`Stripe has news that is not booked yet: it was “${before.status}” before.`]
        : []),
    ],
    others: others.slice(0, 5).map(buttonOf),
  };
}

async function listKnown(sql: Sql, named: string): Promise<DisputeRow[]> {
  if (/^(dp|du|ch|py|pi|in)_/.test(named)) return listDisputesByAnyId(sql, named);
  return listDisputesOfCustomer(sql, (await findCustomer(sql, named)).id);
}

/** Asked for every open one, and for what we never heard of. Away, and without a key, it just is not asked. */
async function askStripe(
  stripe: StripeGateway | null,
  named: string,
  known: readonly DisputeRow[],
): Promise<{ found: FetchedDispute[]; isAsked: boolean }> {
  if (!stripe) return { found: [], isAsked: false };
  const open = known.filter(({ status }) => !isOver(status));
  const wanted = open.length > 0 ? open : known.slice(0, 1);
  try {
    if (wanted.length > 0) {
      const found = await Promise.all(wanted.slice(0, 10).map(({ id }) => stripe.getDispute(id)));
      return { found: found.filter((dispute) => dispute !== null), isAsked: true };
    }
    if (/^(dp|du)_/.test(named)) {
      const found = await stripe.getDispute(named);
      return { found: found ? [found] : [], isAsked: true };
    }
    const chargeId = await chargeOf(stripe, named);
    return { found: chargeId ? await stripe.listDisputes(chargeId) : [], isAsked: true };
  } catch (error) {
    if (!isStripeTrouble(error)) throw error;
    return { found: [], isAsked: false };
  }
}

async function chargeOf(stripe: StripeGateway, named: string): Promise<string | null> {
  if (/^(ch|py)_/.test(named)) return named;
  const invoice = named.startsWith('in_') ? await stripe.getInvoice(named) : null;
  if (invoice?.chargeId) return invoice.chargeId;
  const intentId = named.startsWith('pi_') ? named : (invoice?.paymentIntentId ?? null);
  return intentId ? ((await stripe.getPaymentIntent(intentId))?.latestChargeId ?? null) : null;
}

async function rowOf({ sql, stripe, mode, now }: Asking, fetched: FetchedDispute): Promise<DisputeRow> {
  const known = await findDispute(sql, fetched.id);
  const stripeCustomerId =
    known?.stripe_customer_id ?? (await stripe?.getCharge(fetched.chargeId))?.stripeCustomerId ?? null;
  const link = stripeCustomerId ? await findLink(sql, stripeCustomerId) : undefined;
  const customerId = known?.customer_id ?? link?.customer_id ?? null;
  const facts = await factsOf(sql, { mode, stripeCustomerId, customerId }, fetched, known, now);
  return {
    version: known?.version ?? 1,
    counted_at: now,
    refunded_at: known?.refunded_at ?? null,
    decision: known?.decision ?? null,
    decided_run: known?.decided_run ?? null,
    decided_by: known?.decided_by ?? null,
    decided_at: known?.decided_at ?? null,
    ...facts,
  };
}

/** Open before closed, the soonest deadline first, then the newest. */
function urgentFirst(a: DisputeRow, b: DisputeRow): number {
  const rank = (row: DisputeRow) =>
    isOver(row.status)
      ? Number.POSITIVE_INFINITY
      : ((wantsAnswer(row) ? row.due_by : null) ?? Number.MAX_SAFE_INTEGER);
  const left = rank(a);
  const right = rank(b);
  return left === right ? b.opened_at - a.opened_at : left - right;
}

function buttonOf(dispute: DisputeRow): ReplyButton {
  return {
    kind: 'command',
    label: `Show ${formatMoney(dispute.amount, dispute.currency)}, ${dispute.status.replaceAll('_', ' ')}`,
    line: `dispute show ${dispute.id}`,
  };
}

function unknown(named: string, isAsked: boolean): UserError {
  const message = isAsked
    ? `Nobody disputes ${named}.`
    : `No dispute of ${named} is known here, and Stripe could not be asked.`;
  return new UserError('not_found', message, 'What is open: dispute list', { dispute: message });
}
