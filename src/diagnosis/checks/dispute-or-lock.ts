import { type DisputeRow, listDisputesOfCustomer } from '#db/disputes.ts';
import { formatUtc } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { settledAt, standsWords, wantsAnswer } from '#src/disputes/status.ts';
import { lockWords } from '#src/entitlements/lock.ts';
import { type Check, fine } from '../check.ts';

/** Operations playbook, disputes: what keeps a customer out, or is about to. */
export const disputeOrLock: Check = {
  id: 'dispute_or_lock',
  async run({ sql, picture }) {
    const { lock, customer } = picture;
    const open = (await listDisputesOfCustomer(sql, customer.id)).filter(
      ({ closed_at }) => closed_at === null,
    );
    const evidence = open.map(sentenceOf);
    if (lock) {
      return {
        verdict: 'problem',
        sentence: `${customer.email} is locked for fraud, ${lockWords(lock)}: nothing that is paid or set gives access.`,
        evidence,
        remedy: { label: 'Unlock', line: `customer unlock ${customer.email}` },
      };
    }
    const asking = open.filter((dispute) => settledAt(dispute) === null);
    const [first] = asking;
    if (!first && open.length > 0)
      return {
        ...fine('What a bank inquired about is refunded, so nothing more is to do; there is no fraud lock.'),
        evidence,
      };
    if (!first) return fine('No dispute is open, and there is no fraud lock.');
    return {
      verdict: 'problem',
      sentence: `${asking.length === 1 ? 'A payment is' : `${asking.length} payments are`} under dispute; credits of a disputed payment may be frozen.`,
      evidence,
      remedy: { label: 'Show the dispute', line: `dispute show ${first.id}` },
    };
  },
};

function sentenceOf(dispute: DisputeRow): string {
  const { id, amount, currency, status, due_by: due } = dispute;
  const stands = settledAt(dispute) === null ? status.replaceAll('_', ' ') : standsWords(dispute);
  const until = wantsAnswer(dispute) && due !== null ? `, answer due ${formatUtc(due)}` : '';
  return `${id}: ${formatMoney(amount, currency)}, ${stands}${until}`;
}
