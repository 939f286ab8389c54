import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import type { AnswerableDispute } from '#src/gateways/stripe-dispute-acts.ts';
import { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import { whyNoAnswer } from '#src/stripe-effects/dispute-state.ts';
import { statusWords } from '../status.ts';

/** The one that takes an answer, or the question which. One that is over is returned too, to say why it takes none. */
export function chooseDispute(
  named: string,
  disputes: readonly AnswerableDispute[],
  lineOf: (disputeId: string) => string,
): AnswerableDispute {
  const open = disputes.filter((dispute) => whyNoAnswer(dispute) === null);
  const [first, ...more] = open.length > 0 ? open : disputes.slice(0, 1);
  if (first && more.length === 0) return first;
  throw new ChoiceNeeded({
    tone: 'info',
    title: `${counted(open.length, 'dispute')} of ${named.trim()} wait for an answer: which one is meant? Nothing was done yet.`,
    sections: [
      {
        heading: 'Disputes',
        table: {
          columns: ['Opened', 'Amount', 'Claim', 'Dispute', 'Stands'],
          rows: open.map((dispute) => [
            { at: dispute.createdAt },
            formatMoney(dispute.amount, dispute.currency),
            dispute.reason.replaceAll('_', ' '),
            { code: dispute.id },
            statusWords(dispute.status),
          ]),
        },
      },
    ],
    hint: 'Choose one; you see a preview first.',
    buttons: open.map((dispute) => ({
      kind: 'command',
      label: `${dispute.id} (${formatMoney(dispute.amount, dispute.currency)})`,
      line: lineOf(dispute.id),
    })),
    json: { disputes: open.map(({ id, status }) => ({ dispute: id, status })) },
  });
}
