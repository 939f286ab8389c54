import type { Sql } from '#db/connection.ts';
import { findOpenLock } from '#db/customer-locks.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import { listDisputesOfCharge } from '#db/disputes.ts';
import { type FraudWarningRow, findFraudWarning, touchFraudWarning } from '#db/fraud-warnings.ts';
import type { Cause } from '#src/core/cause.ts';
import { isoTime } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Fact, Reply, ReplyButton } from '#src/replies/reply.ts';
import { fraudWords } from './reasons.ts';

/** The card of an early fraud warning: what became of it, and, while it helps, refund and lock. */
export async function warningCard(
  sql: Sql,
  warningId: string,
): Promise<{ reply: Reply; version: number } | null> {
  const warning = await findFraudWarning(sql, warningId);
  if (!warning) return null;
  const customer = warning.customer_id ? await findCustomerById(sql, warning.customer_id) : undefined;
  const isLocked = customer ? (await findOpenLock(sql, customer.id)) !== undefined : false;
  const [dispute] = await listDisputesOfCharge(sql, warning.charge_id);
  const ending = dispute
    ? `It was disputed: ${dispute.id}, ${dispute.status.replaceAll('_', ' ')}.`
    : warning.amount > 0 && warning.amount_refunded >= warning.amount
      ? 'It was refunded in full, so no dispute should follow.'
      : null;
  const isActionable = warning.is_actionable === 1 && ending === null;
  const money = formatMoney(warning.amount, warning.currency);
  const who = customer?.email ?? warning.stripe_customer_id ?? 'an unknown customer';
  return {
    version: warning.version,
    reply: {
      tone: isActionable ? 'warning' : 'info',
      title: `A bank warns of fraud: ${who} paid ${money} with a card that it suspects.`,
      facts: [
        { label: 'Customer', value: customer ? customer.email : unlinkedWords(warning) },
        { label: 'Amount', value: money },
        ...refundedFact(warning),
        { label: 'Kind of fraud', value: fraudWords(warning.fraud_type) },
        {
          label: 'Stands',
          value: ending ?? (isActionable ? actionable : 'Stripe says that nothing is to be done.'),
        },
        { label: 'Warned', value: { at: warning.created_at } },
        { label: 'Charge', value: { code: warning.charge_id } },
        ...(isLocked ? [{ label: 'Access', value: lockedWords }] : []),
      ],
      buttons: isActionable ? remedies(warning, customer, isLocked) : shows(customer),
      json: { ...warning, created_at: isoTime(warning.created_at) },
    },
  };
}

/** docs.stripe.com/disputes/how-disputes-work#early-fraud-warnings */
const actionable =
  '80 % of these become disputes, unless the bank bears the liability. A full refund now prevents it, and its fee.';

/** Where fraud is suspected no money leaves. */
const lockedWords = 'Locked for fraud; until the lock ends nothing is refunded';

function unlinkedWords({ stripe_customer_id: id }: FraudWarningRow): string {
  return id
    ? `Linked to nobody of ours. Check whose ${id} is, then: customer link EMAIL ${id}`
    : 'The payment has no customer at Stripe';
}

function refundedFact(warning: FraudWarningRow): Fact[] {
  if (warning.amount_refunded === 0) return [];
  return [{ label: 'Refunded', value: formatMoney(warning.amount_refunded, warning.currency) }];
}

function remedies(
  warning: FraudWarningRow,
  customer: CustomerRow | undefined,
  isLocked: boolean,
): ReplyButton[] {
  if (isLocked) return shows(customer);
  const buttons: ReplyButton[] = [
    { kind: 'command', label: 'Refund', line: `refund request ${warning.charge_id}` },
  ];
  if (customer) buttons.push({ kind: 'command', label: 'Lock', line: `customer lock ${customer.email}` });
  return [...buttons, ...shows(customer)];
}

function shows(customer: CustomerRow | undefined): ReplyButton[] {
  return customer
    ? [{ kind: 'command', label: 'Show customer', line: `customer show ${customer.email}` }]
    : [];
}

/** What the card shows has changed: its edit is queued, in the transaction of the change. */
export async function renewWarningCard(sql: Sql, cause: Cause, warningId: string): Promise<void> {
  await touchFraudWarning(sql, warningId);
  const card = await warningCard(sql, warningId);
  if (!card) throw new Error(`Fraud warning ${warningId} has no row to make a card of`);
  await renewCard(sql, cause, {
    key: `fraud-warning:${warningId}`,
    target: 'billing',
    version: card.version,
    reply: { ...card.reply, correlationId: cause.correlationId },
  });
}
