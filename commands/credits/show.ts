import { z } from 'zod';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { describeCredits } from '#src/credits/describe.ts';
import { readCreditHistory } from '#src/credits/history.ts';
import { readHoldings } from '#src/credits/holdings.ts';
import { findCustomer } from '#src/customers/find.ts';
import { balanceChart } from '#src/pictures/balance-chart.ts';
import { balanceInWords } from '#src/pictures/describe-balance.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField, flagField, optionalTextField } from '#src/runner/fields.ts';
import { pastMoment } from '#src/runner/since-field.ts';

const ENTRIES_SHOWN = 10;
const PICTURED_MS = 90 * DAY_MS;

/** Support runbook, quick reference: the credit event log. */
export const creditsShow = defineLookup({
  name: 'credits show',
  summary: 'A customer’s credits: what is left, from where, and what happened',
  examples: ['credits show sofia@firm.com', 'credits show sofia@firm.com --picture --since 7d'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({
    email: customerField,
    picture: flagField({ label: 'As a picture', hint: 'Comes into your direct messages with Lucy' }),
    since: optionalTextField(40, {
      label: 'Picture since',
      placeholder: '90d',
      hint: 'A span or a date; the last 90 days when empty',
    }),
  }),
  positionals: ['email'],

  async answer({ email, picture: isPictured, since: span }, { sql, cause, render }) {
    const since = Math.min(pastMoment('since', span, cause.now, PICTURED_MS), cause.now - HOUR_MS);
    const customer = await findCustomer(sql, email);
    const credits = await readHoldings(sql, customer.id, ENTRIES_SHOWN, cause.now);
    const reply = { ...describeCredits(customer.email, credits), correlationId: cause.correlationId };
    const picture = {
      name: 'credit-balance.png',
      async draw() {
        const history = await readCreditHistory(sql, customer, { from: since, to: cause.now });
        return { png: await render.chart(balanceChart(history)), alt: balanceInWords(history) };
      },
    };
    // In Slack a picture is a message of its own, which whoever only looks would find in their inbox each time.
    if (isPictured || cause.surface === 'terminal') return { ...reply, picture };
    const line = lineWithFlags('credits show', [
      ['email', customer.email],
      ['picture', 'yes'],
      ['since', span],
    ]);
    // A line that is flat shows nothing.
    if (credits.entries.length === 0) return reply;
    return {
      ...reply,
      buttons: [...(reply.buttons ?? []), { kind: 'command', label: 'Show as a picture', line }],
    };
  },
});
