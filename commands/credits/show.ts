import { z } from 'zod';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { describeCredits } from '#src/credits/describe.ts';
import { readCreditHistory } from '#src/credits/history.ts';
import { readHoldings } from '#src/credits/holdings.ts';
import { findCustomer } from '#src/customers/find.ts';
import { balanceChart } from '#src/pictures/balance-chart.ts';
import { balanceInWords } from '#src/pictures/describe-balance.ts';
import { drawChart } from '#src/pictures/draw-chart.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField, optionalTextField } from '#src/runner/fields.ts';
import { pastMoment } from '#src/runner/since-field.ts';

const ENTRIES_SHOWN = 10;
const PICTURED_MS = 90 * DAY_MS;

/** Support runbook, quick reference: the credit event log. */
export const creditsShow = defineLookup({
  name: 'credits show',
  summary: 'A customer’s credits: what is left, from where, and what happened',
  examples: ['credits show sofia@firm.com', 'credits show sofia@firm.com --since 7d'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({
    email: customerField,
    since: optionalTextField(40, {
      label: 'Picture since',
      placeholder: '90d',
      hint: 'A span or a date; the last 90 days when empty',
    }),
  }),
  positionals: ['email'],

  async answer({ email, since: span }, { sql, cause }) {
    const since = Math.min(pastMoment('since', span, cause.now, PICTURED_MS), cause.now - HOUR_MS);
    const customer = await findCustomer(sql, email);
    const credits = await readHoldings(sql, customer.id, ENTRIES_SHOWN, cause.now);
    return {
      ...describeCredits(customer.email, credits),
      picture: {
        name: 'credit-balance.png',
        async draw() {
          const history = await readCreditHistory(sql, customer, { from: since, to: cause.now });
          return { png: await drawChart(balanceChart(history)), alt: balanceInWords(history) };
        },
      },
      correlationId: cause.correlationId,
    };
  },
});
