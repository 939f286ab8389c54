import type { Sql } from '#db/connection.ts';
import { listOpenRuns } from '#db/runs.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, formatUtc } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted, listed } from '#src/core/text.ts';
import type { StripeRefundReason } from '#src/gateways/stripe.ts';
import type { CreditsTaken } from './credits-taken.ts';
import { disputeWarning } from './disputed.ts';
import { goesOnWarning } from './ending.ts';
import type { Ending, RefundFacts } from './refund-input.ts';
import type { Standing } from './standing.ts';

/** Some payment methods take no refund after this, and a card may be closed by then (docs.stripe.com/refunds). */
const OLD_MS = 180 * DAY_MS;

export type Wanted = { amount: number; stripeReason: StripeRefundReason; ending: Ending };

/** What whoever asks and whoever approves must not miss, the worst first: only so many are shown. */
export function refundWarnings(
  facts: RefundFacts,
  standing: Standing,
  wanted: Wanted,
  credits: CreditsTaken,
  now: number,
): string[] {
  const { charge } = facts;
  const isAllThatIsLeft = wanted.amount === standing.left;
  return [
    disputeWarning(facts.disputes),
    wanted.stripeReason === 'fraudulent'
      ? 'With the reason “fraudulent” Stripe blocks this card and this email: the customer cannot pay with them any more.'
      : null,
    credits.debt > 0
      ? `${counted(credits.debt, 'credit')} of the ${credits.taken.toLocaleString('en-US')} that go back are used up already; they become debt, and a finding.`
      : null,
    standing.pending > 0
      ? `A refund of ${formatMoney(standing.pending, charge.currency)} is still on its way back; it counts as refunded.`
      : null,
    otherRefunds(facts),
    wanted.ending === 'no' && isAllThatIsLeft ? goesOnWarning(facts.subscription) : null,
    now - charge.createdAt > OLD_MS
      ? `This payment is ${counted(Math.floor((now - charge.createdAt) / DAY_MS), 'day')} old. After ${OLD_MS / DAY_MS} days some banks send a refund back; then Stripe says that it failed.`
      : null,
  ].filter((warning) => warning !== null);
}

/** What others asked to have done at Stripe for the same customer, refunds unless told, and Stripe does not show yet. */
export async function openRequestWarnings(
  sql: Sql,
  cause: Cause,
  customerId: string,
  command = 'refund request',
): Promise<string[]> {
  const runs = await listOpenRuns(sql, command, customerId);
  return runs
    .filter((run) => run.id !== cause.runId)
    .map((run) => {
      const state = run.state === 'waiting' ? 'waits for approval' : 'is on its way to Stripe';
      return `${run.actor_name} asked for “${readShownPlan(run.plan).title}” on ${formatUtc(run.created_at)}, and it ${state} (${run.id}).`;
    });
}

function otherRefunds({ others }: RefundFacts): string | null {
  const refunded = others.filter((other) => other.amountRefunded > 0);
  if (refunded.length === 0) return null;
  const shown = refunded
    .slice(0, 3)
    .map(({ id, amountRefunded, currency }) => `${formatMoney(amountRefunded, currency)} of ${id}`);
  const more = refunded.length > shown.length ? [`${refunded.length - shown.length} more`] : [];
  return `Other payments of this customer were refunded before: ${listed([...shown, ...more])}.`;
}
