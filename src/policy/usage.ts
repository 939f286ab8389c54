import type { Sql } from '#db/connection.ts';
import {
  addPolicyUsageRows,
  listPolicyUsageOf,
  lockPolicyUsage,
  type PolicyUsageRow,
} from '#db/policy-usage.ts';
import { counterOf } from './counters.ts';
import type { Measures, Share } from './measures.ts';

/** What was done in one UTC day with one command and those that count with it. Money in minor units, by currency. */
export type DayUsage = { credits: number; money: Readonly<Record<string, number>>; runs: number };

/** By this person, and by anybody for this customer; null where there is no customer. */
export type Usage = {
  person: DayUsage;
  customer: DayUsage | null;
  /** Of many customers, by id; who is not in it had nothing yet. */
  customers?: ReadonlyMap<string, DayUsage>;
};

export const nothingYet: DayUsage = { credits: 0, money: {}, runs: 0 };

/**
 * Today's usage, as it is at this moment.
 *
 * @param names all of one person's (`namesOf`): what they did under an id counts for them even where the settings
 *   joined it to them, or renamed them, only later that day
 * @param shares the customers of an act for many
 */
export async function readUsage(
  sql: Sql,
  now: number,
  names: readonly string[],
  customerId: string | null,
  command: string,
  shares: readonly Share[] = [],
): Promise<Usage> {
  const subjects = [...subjectsOf(names, customerId), ...sharing(shares)];
  const rows = await listPolicyUsageOf(sql, { subjects, command: counterOf(command), day: dayOf(now) });
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const usageOf = (...of: string[]) => dayUsage(of.flatMap((subject) => bySubject.get(subject) ?? []));
  return {
    person: usageOf(...names.map(personOf)),
    customer: customerId === null ? null : usageOf(customerOf(customerId)),
    ...(shares.length > 0
      ? { customers: new Map(shares.map(({ customerId: id }) => [id, usageOf(customerOf(id))])) }
      : {}),
  };
}

/**
 * Today's usage, held until the transaction ends: of two confirmations that fit a limit each and not together, the
 * second one sees the first. The person is held before the customers, always, so that nobody waits in a circle.
 */
export async function holdUsage(
  sql: Sql,
  now: number,
  names: readonly string[],
  customerId: string | null,
  command: string,
  shares: readonly Share[] = [],
): Promise<Usage> {
  const counted = { command: counterOf(command), day: dayOf(now) };
  for (const subject of subjectsOf([...names].sort(), customerId))
    await lockPolicyUsage(sql, { ...counted, subjects: [subject] });
  await lockPolicyUsage(sql, { ...counted, subjects: sharing(shares).sort() });
  return readUsage(sql, now, names, customerId, command, shares);
}

/**
 * Counts what was done; in the transaction of its effect.
 *
 * @param actorId the id under which it was asked for, and not the person: whose id it is may change within the day
 */
export async function addUsage(
  sql: Sql,
  now: number,
  actorId: string,
  customerId: string | null,
  command: string,
  { credits: largest, total, money, shares = [] }: Measures,
): Promise<void> {
  const credits = total ?? largest;
  const amounts: [measure: string, amount: number][] = [['runs', 1]];
  if (credits) amounts.push(['credits', credits]);
  if (money?.amount) amounts.push([`money:${money.currency}`, money.amount]);
  const counted = { command: counterOf(command), day: dayOf(now) };
  await addPolicyUsageRows(
    sql,
    subjectsOf([actorId], customerId).flatMap((subject) =>
      amounts.map(([measure, amount]) => ({ subject, ...counted, measure, amount })),
    ),
  );
  await addShares(sql, now, command, shares);
}

/** Counts what customers got; for somebody who is a customer only when it is carried out. */
export async function addShares(
  sql: Sql,
  now: number,
  command: string,
  shares: readonly Omit<Share, 'email'>[],
): Promise<void> {
  const counted = { command: counterOf(command), day: dayOf(now) };
  const rows = shares.flatMap(({ customerId, credits }) => [
    { subject: customerOf(customerId), ...counted, measure: 'credits', amount: credits },
    { subject: customerOf(customerId), ...counted, measure: 'runs', amount: 1 },
  ]);
  await addPolicyUsageRows(
    sql,
    rows.sort((a, b) => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0)),
  );
}

/** `2026-11-21`: limits by day begin anew at midnight UTC. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

const personOf = (name: string) => `person:${name}`;
const customerOf = (id: string) => `customer:${id}`;

function subjectsOf(names: readonly string[], customerId: string | null): string[] {
  return [...names.map(personOf), ...(customerId === null ? [] : [customerOf(customerId)])];
}

function sharing(shares: readonly Share[]): string[] {
  return shares.map(({ customerId }) => customerOf(customerId));
}

function dayUsage(rows: readonly PolicyUsageRow[]): DayUsage {
  const sums = new Map<string, number>();
  for (const { measure, amount } of rows) sums.set(measure, (sums.get(measure) ?? 0) + amount);
  return { credits: sums.get('credits') ?? 0, runs: sums.get('runs') ?? 0, money: moneyOf(sums) };
}

function moneyOf(sums: ReadonlyMap<string, number>): Record<string, number> {
  const prefix = 'money:';
  const amounts = [...sums].filter(([measure]) => measure.startsWith(prefix));
  return Object.fromEntries(amounts.map(([measure, amount]) => [measure.slice(prefix.length), amount]));
}
