import type { BatchLineRow } from '#db/batch-rows.ts';
import { applyCredits } from './apply-credits.ts';
import { applyCustomer } from './apply-customer.ts';
import { applyReversal } from './apply-reversal.ts';
import type { LineContext, LineOutcome } from './deps.ts';

type Apply = (context: LineContext, line: BatchLineRow, input: never) => Promise<LineOutcome>;

/** What carrying out a line does, by the command of its batch. */
const applies: Readonly<Record<string, Apply>> = {
  'credits import': (context, line, input) => applyCredits(context, known(line), input),
  'credits unimport': (context, line, input) => applyReversal(context, known(line), input),
  'customer import': applyCustomer,
};

/** Carries out one line, in the transaction that also ends its row. */
export function applyLine(context: LineContext, line: BatchLineRow): Promise<LineOutcome> {
  const apply = applies[context.batch.command];
  if (!apply) throw new Error(`No batch is carried out by ${context.batch.command}`);
  return apply(context, line, JSON.parse(line.input) as never);
}

function known(line: BatchLineRow): { line: number; email: string; customerId: string } {
  if (line.customer_id === null) throw new Error(`Line ${line.line} of ${line.batch_id} names no customer`);
  return { line: line.line, email: line.email, customerId: line.customer_id };
}
