import { counted } from '#src/core/text.ts';
import { findBalanceTrouble } from '../balance-trouble.ts';
import { type Check, fine } from '../check.ts';

/** Support runbook section 5: a balance that is negative, stuck, or not what its ledger says. */
export const balanceStuck: Check = {
  id: 'balance_stuck',
  async run({ sql, now, picture }) {
    const { id, email } = picture.customer;
    const { balance, held, frozen } = picture.credits;
    const trouble = await findBalanceTrouble(sql, id, now);
    if (!trouble && frozen > 0) {
      return {
        verdict: 'problem',
        sentence: `${counted(frozen, 'credit')} of ${email} ${frozen === 1 ? 'is' : 'are'} frozen: the payment that brought them is under dispute, and they come back if it is won.`,
        remedy: { label: 'Show the disputes', line: `dispute show ${email}` },
      };
    }
    if (!trouble) {
      const heldNow = held > 0 ? ` ${counted(held, 'credit')} are held for calls that still run.` : '';
      return fine(
        `The balance of ${counted(balance, 'credit')} is what its ledger and its lots say.${heldNow}`,
      );
    }
    return {
      verdict: 'problem',
      sentence: `${email}’s balance needs a look: ${trouble.lines[0] ?? ''}`,
      evidence: trouble.lines.slice(1),
      remedy: { label: 'Prove the ledger', line: `credits audit ${email}` },
    };
  },
};
