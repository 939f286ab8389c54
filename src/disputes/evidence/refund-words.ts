import { formatUtc } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import type { FetchedRefund } from '#src/gateways/stripe.ts';

/** `$49.00 were refunded on 2 Feb 2026, 10:00 UTC (refund re_…).`; a bank finds the refund by its id and amount. */
export function refundWords({ id, amount, currency, status, createdAt }: FetchedRefund): string {
  const how = status === 'succeeded' ? 'were refunded' : 'are being refunded since';
  const when = status === 'succeeded' ? `on ${formatUtc(createdAt)}` : formatUtc(createdAt);
  return `${formatMoney(amount, currency)} ${how} ${when} (refund ${id}).`;
}
