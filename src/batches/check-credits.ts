import { findCustomersByEmail } from '#db/batch-customers.ts';
import type { Sql } from '#db/connection.ts';
import type { CreditsLine } from './apply-credits.ts';
import { type BadLine, badLineOf } from './bad-line.ts';
import type { CheckedFile, Line } from './check-file.ts';
import { type Share, sharesOf } from './describe-plan.ts';
import { repeatedLines } from './repeated-lines.ts';
import type { PlannedLine } from './start-batch.ts';

/** A line of `credits import` by itself, its moment not yet resolved. */
export type CreditsRow = {
  /** Lower case. */
  email: string;
  credits: number;
  reason?: string | undefined;
  ticket?: string | undefined;
  expires?: string | undefined;
};

export type CheckedCredits = { lines: PlannedLine[]; shares: Share[]; bad: BadLine[] };

/**
 * Checks the lines against each other and against the customers there are: nobody is made up, and the same line twice is
 * a mistake unless it is meant.
 *
 * @param momentOf resolves when the credits lapse; throws a UserError
 */
export async function checkCredits(
  sql: Sql,
  file: CheckedFile<CreditsRow>,
  options: { allowsRepeats: boolean; momentOf(typed: string | undefined): number | null },
): Promise<CheckedCredits> {
  const customers = await findCustomersByEmail(sql, [...new Set(file.lines.map(({ row }) => row.email))]);
  const repeats = options.allowsRepeats ? new Map<number, BadLine>() : repeatedLines(file.lines);
  const bad: BadLine[] = [...file.bad];
  const lines: (PlannedLine & { credits: number })[] = [];
  for (const line of file.lines) {
    const { email, credits } = line.row;
    const customer = customers.get(email);
    const moment = lapse(line, options.momentOf);
    const wrong = [
      ...(customer ? [] : [unknownCustomer(line)]),
      ...(repeats.has(line.line) ? [repeats.get(line.line) as BadLine] : []),
      ...(typeof moment === 'object' && moment !== null ? [moment] : []),
    ];
    bad.push(...wrong);
    if (!customer || wrong.length > 0) continue;
    const input: CreditsLine = {
      credits,
      reason: line.row.reason ?? null,
      ticket: line.row.ticket ?? null,
      expiresAt: moment as number | null,
    };
    lines.push({ line: line.line, email, customerId: customer.id, credits, input });
  }
  return {
    lines,
    bad: bad.sort((a, b) => a.line - b.line),
    shares: sharesOf(lines, (email) => customers.get(email)?.balance ?? 0),
  };
}

function lapse(
  { line, row, cells }: Line<CreditsRow>,
  momentOf: (typed: string | undefined) => number | null,
): number | null | BadLine {
  try {
    return momentOf(row.expires);
  } catch (error) {
    return badLineOf(line, 'expires', cells, error as Parameters<typeof badLineOf>[3]);
  }
}

function unknownCustomer({ line, row, cells }: Line<CreditsRow>): BadLine {
  return badLineOf(line, 'email', cells, {
    message: `There is no customer ${row.email}.`,
    hint: `Check the address, or add the customer first: customer add ${row.email}, or customer import for many.`,
  });
}
