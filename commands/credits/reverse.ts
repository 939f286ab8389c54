import { z } from 'zod';
import { fieldError, UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import {
  explainReversible,
  findOwnerOfEntry,
  findReversible,
  planReversal,
  reverseEntry,
} from '#src/credits/reverse.ts';
import { readCredits } from '#src/credits/summary.ts';
import { optionalCountField } from '#src/runner/credit-fields.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { entryField } from '#src/runner/id-fields.ts';

/** The only correction there is: a new entry that names the first one. Nothing is ever edited or deleted. */
export const creditsReverse = defineCommand({
  name: 'credits reverse',
  summary: 'Take a ledger entry back, whole or in part',
  examples: [
    'credits reverse led_01k9zq3v5t8w2x4y6z7a8b9c0d --reason "granted twice" --ticket ZD-812',
    'credits reverse led_01k9zq3v5t8w2x4y6z7a8b9c0d --count 20 --reason "granted too much"',
  ],
  allowed: ['support', 'billing'],
  effect: 'moves value',
  input: z.object({ entry: entryField, count: optionalCountField, ...changeInputs }),
  positionals: ['entry'],
  measure: ({ count }) => (count === undefined ? {} : { credits: count }),
  async measureByRows({ entry }, sql) {
    return entry === undefined ? {} : { credits: Math.abs((await findReversible(sql, entry)).amount) };
  },

  async plan({ entry: id, count }, { sql }) {
    const reversible = await findReversible(sql, id);
    const { entry } = reversible;
    const customer = await findOwnerOfEntry(sql, entry);
    const most = Math.abs(reversible.amount);
    const explained = explainReversible(reversible);
    if (most === 0) {
      throw new UserError(
        'conflict',
        `Nothing of ${entry.id} can be taken back any more: ${explained}.`,
        `Look at what happened: credits show ${customer.email}`,
        { entry: 'Nothing of it can be taken back any more.' },
      );
    }
    if (count !== undefined && count > most) {
      const message = `Only ${most.toLocaleString('en-US')} of ${entry.id} can be taken back: ${explained}.`;
      throw fieldError(
        'count',
        message,
        'Ask for less, or leave the number out to take back all that can be.',
      );
    }
    const amount = count ?? most;
    const { balance } = await readCredits(sql, customer.id, 0);
    const { paysOff } = await planReversal(sql, entry, amount);
    const after = balance + Math.sign(reversible.amount) * amount - paysOff;
    return {
      title:
        entry.type === 'grant'
          ? `Take ${counted(amount, 'credit')} back from ${customer.email}`
          : `Give ${counted(amount, 'credit')} back to ${customer.email}`,
      customerId: customer.id,
      changes: [{ label: 'Credits', before: String(balance), after: String(after) }],
      facts: [
        { label: 'Entry', value: { code: entry.id } },
        { label: 'Possible', value: explained },
        ...(paysOff > 0 ? [{ label: 'Pays off', value: paidOffWords(paysOff) }] : []),
      ],
      confirmLabel: `Reverse ${counted(amount, 'credit')}`,
      basis: [entry.id, amount, paysOff],
      measures: { credits: amount },
      data: { customer, entry, amount },
    };
  },

  async execute({ data: { customer, entry, amount } }, { sql, cause }) {
    const {
      entry: posted,
      paidOff,
      balance,
    } = await reverseEntry(sql, cause, {
      customerId: customer.id,
      entryId: entry.id,
      atMost: amount,
      key: `run:${cause.runId}`,
    });
    if (Math.abs(posted.amount) !== amount) {
      // Spent between the check and the deed: the transaction is rolled back, and nothing has happened.
      throw new UserError(
        'moved',
        `Credits of ${entry.id} were spent just now, so nothing was changed.`,
        'Type the command again to see what can still be taken back.',
      );
    }
    const before = posted.balance_after - posted.amount;
    const isTaken = entry.type === 'grant';
    return {
      title: `${counted(amount, 'credit')} ${isTaken ? 'taken back from' : 'given back to'} ${customer.email}`,
      customerId: customer.id,
      changes: [{ label: 'Credits', before: String(before), after: String(balance) }],
      facts: [
        { label: 'Ledger entry', value: { code: posted.id } },
        { label: 'Reverses', value: { code: entry.id } },
        ...(paidOff > 0 ? [{ label: 'Paid off', value: paidOffWords(paidOff) }] : []),
      ],
      before: { credits: before },
      after: { credits: balance, entry: posted.id, reverses: entry.id, paidOff },
      undo: undoOf(customer.email, isTaken, amount - paidOff),
      logs: [
        {
          event: 'credits_changed',
          action: 'credits_reversed',
          customer: customer.id,
          amount: posted.amount,
          entry: posted.id,
          reverses: entry.id,
        },
      ],
      json: { customer: customer.email, entry: posted.id, reverses: entry.id, credits: balance, paidOff },
    };
  },
});

function paidOffWords(credits: number): string {
  return `${counted(credits, 'credit')} that were owed of a payment whose money went back; they cannot be spent`;
}

function undoOf(email: string, isTaken: boolean, amount: number): { line: string | null; sentence: string } {
  if (amount === 0) return { line: null, sentence: 'Nothing came that could be taken again.' };
  return {
    line: `credits ${isTaken ? 'grant' : 'consume'} ${email} ${amount}`,
    sentence: isTaken ? 'Undo grants as many anew.' : 'Undo takes as many again, if they are there.',
  };
}
