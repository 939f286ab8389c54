import { findCustomersByEmail } from '#db/batch-customers.ts';
import type { Sql } from '#db/connection.ts';
import type { Share as Limited } from '#src/policy/measures.ts';
import type { CreditsLine } from './apply-credits.ts';
import { type BadLine, badLineOf } from './bad-line.ts';
import type { CheckedFile, Line } from './check-file.ts';
import { type Share, sharesOf } from './describe-plan.ts';
import { givenBeforeLine, readGivenBefore } from './given-before.ts';
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

export type CheckedCredits = {
  lines: PlannedLine[];
  shares: Share[];
  /** The same for the policy's limits by customer. */
  limited: Limited[];
  bad: BadLine[];
  /** Lines that an earlier import carried out, and that are meant again. */
  repeated: number;
};

/**
 * Checks the lines against each other and against the customers there are: nobody is made up, and the same line twice is
 * a mistake unless it is meant, in one file as in two.
 *
 * @param momentOf resolves when the credits lapse; throws a UserError
 */
export async function checkCredits(
  sql: Sql,
  file: CheckedFile<CreditsRow>,
  options: {
    allowsRepeats: boolean;
    again: boolean;
    cause: Parameters<typeof readGivenBefore>[1];
    momentOf(typed: string | undefined): number | null;
  },
): Promise<CheckedCredits> {
  const customers = await findCustomersByEmail(sql, [...new Set(file.lines.map(({ row }) => row.email))]);
  const ids = [...customers.values()].map(({ id }) => id);
  const givenBefore = await readGivenBefore(sql, options.cause, ids);
  const repeats = options.allowsRepeats ? new Map<number, BadLine>() : repeatedLines(file.lines);
  const bad: BadLine[] = [...file.bad];
  let repeated = 0;
  const lines: (PlannedLine & { credits: number })[] = [];
  for (const line of file.lines) {
    const { email, credits } = line.row;
    const customer = customers.get(email);
    const moment = lapse(line, options.momentOf);
    const said = { credits, reason: line.row.reason ?? null, ticket: line.row.ticket ?? null };
    const given = customer && givenBefore(customer.id, said);
    const wrong = [
      ...(customer ? [] : [unknownCustomer(line)]),
      ...(given && !options.again ? [givenBeforeLine(line, email, given)] : []),
      ...(repeats.has(line.line) ? [repeats.get(line.line) as BadLine] : []),
      ...(typeof moment === 'object' && moment !== null ? [moment] : []),
    ];
    bad.push(...wrong);
    if (!customer || wrong.length > 0) continue;
    if (given) repeated++;
    const input: CreditsLine = { ...said, expiresAt: moment as number | null };
    lines.push({ line: line.line, email, customerId: customer.id, credits, input });
  }
  const shares = sharesOf(lines, (email) => customers.get(email)?.balance ?? 0);
  const limited = shares.map(({ email, credits }) => ({
    customerId: customers.get(email)?.id ?? '',
    email,
    credits,
  }));
  return { lines, bad: bad.sort((a, b) => a.line - b.line), shares, limited, repeated };
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
