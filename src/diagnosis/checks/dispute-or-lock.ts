import { listDisputesOfCustomer } from '#db/disputes.ts';
import { formatUtc } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
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
    const evidence = open.map(
      ({ id, amount, currency, status, due_by }) =>
        `${id}: ${formatMoney(amount, currency)}, ${status.replaceAll('_', ' ')}${due_by === null ? '' : `, answer due ${formatUtc(due_by)}`}`,
    );
    if (lock) {
      return {
        verdict: 'problem',
        sentence: `${customer.email} is locked for fraud, ${lockWords(lock)}: nothing that is paid or set gives access.`,
        evidence,
        remedy: { label: 'Unlock', line: `customer unlock ${customer.email}` },
      };
    }
    const [first] = open;
    if (!first) return fine('No dispute is open, and there is no fraud lock.');
    return {
      verdict: 'problem',
      sentence: `${open.length === 1 ? 'A payment is' : `${open.length} payments are`} under dispute; credits of a disputed payment may be frozen.`,
      evidence,
      remedy: { label: 'Show the dispute', line: `dispute show ${first.id}` },
    };
  },
};
