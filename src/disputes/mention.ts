import type { Sql } from '#db/connection.ts';
import { type DisputeRow, listDisputesOfCustomer } from '#db/disputes.ts';
import { formatUtc } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { isOver } from '#src/gateways/stripe-dispute-status.ts';
import type { Reply } from '#src/replies/reply.ts';
import { reasonName } from './reasons.ts';
import { standsWords, wantsAnswer } from './status.ts';

const BUTTONS_MAX = 2;

/** Whoever looks at a customer or a payment learns of its open disputes; `isShown` chooses those that belong there. */
export async function withOpenDisputes(
  sql: Sql,
  reply: Reply,
  customerId: string | undefined,
  isShown: (dispute: DisputeRow) => boolean = () => true,
): Promise<Reply> {
  const all = customerId ? await listDisputesOfCustomer(sql, customerId) : [];
  const open = all.filter((dispute) => !isOver(dispute.status) && isShown(dispute));
  if (open.length === 0) return reply;
  return {
    ...reply,
    warnings: [...(reply.warnings ?? []), ...open.map(sentenceOf)],
    buttons: [
      ...(reply.buttons ?? []),
      ...open.slice(0, BUTTONS_MAX).map((dispute) => ({
        kind: 'command' as const,
        label: 'Show the dispute',
        line: `dispute show ${dispute.id}`,
      })),
    ],
    json: {
      ...(reply.json as object),
      disputes: open.map(({ id, status, charge_id: charge }) => ({ id, status, charge })),
    },
  };
}

function sentenceOf(dispute: DisputeRow): string {
  const money = formatMoney(dispute.amount, dispute.currency);
  const began =
    dispute.phase === 'inquiry'
      ? `The bank inquires about ${money}`
      : `${money} is under dispute, and what is left of the payment’s credits is frozen`;
  const due = wantsAnswer(dispute) && dispute.due_by !== null ? `, until ${formatUtc(dispute.due_by)}` : '';
  return `${began} (${dispute.id}, ${reasonName(dispute.reason)}). ${standsWords(dispute)}${due}.`;
}
