import { findCustomersByEmail, findOwnersOfStripe } from '#db/batch-customers.ts';
import type { Sql } from '#db/connection.ts';
import { type Settings, tierRank } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import type { CustomerLine } from './apply-customer.ts';
import { type BadLine, badLineOf } from './bad-line.ts';
import type { CheckedFile, Line } from './check-file.ts';
import type { PlannedLine } from './start-batch.ts';

/** A line of `customer import` by itself. */
export type CustomerRow = {
  /** Lower case. */
  email: string;
  name?: string | undefined;
  stripe_customer?: string | undefined;
  tier?: string | undefined;
  credits?: number | undefined;
};

export type CheckedCustomers = {
  lines: (PlannedLine & { input: CustomerLine })[];
  bad: BadLine[];
  /** The highest tier that a line gives; null where none gives one. */
  highestTier: string | null;
};

type Known = { customers: ReadonlyMap<string, unknown>; owners: ReadonlyMap<string, string> };

/** Checks the lines against each other and against what there is: each is a new customer, and each link is free. */
export async function checkCustomers(
  sql: Sql,
  settings: Settings,
  file: CheckedFile<CustomerRow>,
): Promise<CheckedCustomers> {
  const stripeIds = file.lines.flatMap(({ row }) => row.stripe_customer ?? []);
  const known: Known = {
    customers: await findCustomersByEmail(sql, [...new Set(file.lines.map(({ row }) => row.email))]),
    owners: await findOwnersOfStripe(sql, [...new Set(stripeIds)]),
  };
  const seen = { emails: new Map<string, number>(), stripe: new Map<string, number>() };
  const bad: BadLine[] = [...file.bad];
  const lines: CheckedCustomers['lines'] = [];
  for (const line of file.lines) {
    const { email, name, stripe_customer: stripe, tier, credits } = line.row;
    const wrong = [
      ...emailProblems(line, known, seen.emails),
      ...stripeProblems(line, known, seen.stripe),
      ...tierProblems(line, settings),
    ];
    bad.push(...wrong);
    if (wrong.length > 0) continue;
    const input = { name: name ?? null, stripe: stripe ?? null, tier: tier ?? null, credits: credits ?? 0 };
    lines.push({ line: line.line, email, customerId: null, input });
  }
  const tiers = lines.flatMap(({ input }) => input.tier ?? []);
  tiers.sort((a, b) => tierRank(settings, b) - tierRank(settings, a));
  return { lines, bad: bad.sort((a, b) => a.line - b.line), highestTier: tiers[0] ?? null };
}

function emailProblems(
  { line, row, cells }: Line<CustomerRow>,
  { customers }: Known,
  seen: Map<string, number>,
): BadLine[] {
  const before = seen.get(row.email);
  seen.set(row.email, before ?? line);
  if (before !== undefined) {
    const message = `${row.email} stands in line ${before} already.`;
    return [
      badLineOf(line, 'email', cells, { message, hint: 'A customer is added once: leave one of them out.' }),
    ];
  }
  if (!customers.has(row.email)) return [];
  const hint = `Leave it out. Its credits come by credits import, its link by: customer link ${row.email} cus_…`;
  return [badLineOf(line, 'email', cells, { message: `There already is a customer ${row.email}.`, hint })];
}

function stripeProblems(
  { line, row, cells }: Line<CustomerRow>,
  { owners }: Known,
  seen: Map<string, number>,
): BadLine[] {
  const stripe = row.stripe_customer;
  if (stripe === undefined) return [];
  const before = seen.get(stripe);
  seen.set(stripe, before ?? line);
  const owner = owners.get(stripe);
  if (before === undefined && owner === undefined) return [];
  const message =
    owner === undefined ? `${stripe} stands in line ${before} already.` : `${stripe} is linked to ${owner}.`;
  return [badLineOf(line, 'stripe_customer', cells, { message, hint: 'Check the id in Stripe.' })];
}

function tierProblems({ line, row, cells }: Line<CustomerRow>, settings: Settings): BadLine[] {
  if (row.tier === undefined || settings.tiers.includes(row.tier)) return [];
  const message = `There is no tier ${row.tier}.`;
  return [
    badLineOf(line, 'tier', cells, {
      message,
      hint: `The tiers are ${listed(settings.tiers)}; or leave it empty.`,
    }),
  ];
}
