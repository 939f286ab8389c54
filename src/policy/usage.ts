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
 * @param shares the customers of an act for many
 */
export async function readUsage(
  sql: Sql,
  now: number,
  person: string,
  customerId: string | null,
  command: string,
  shares: readonly Share[] = [],
): Promise<Usage> {
  const subjects = [...subjectsOf(person, customerId), ...sharing(shares)];
  const rows = await listPolicyUsageOf(sql, { subjects, command: counterOf(command), day: dayOf(now) });
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const usageOf = (subject: string) => dayUsage(bySubject.get(subject) ?? []);
  return {
    person: usageOf(personOf(person)),
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
  person: string,
  customerId: string | null,
  command: string,
  shares: readonly Share[] = [],
): Promise<Usage> {
  const counted = { command: counterOf(command), day: dayOf(now) };
  for (const subject of subjectsOf(person, customerId))
    await lockPolicyUsage(sql, { ...counted, subjects: [subject] });
  await lockPolicyUsage(sql, { ...counted, subjects: sharing(shares).sort() });
  return readUsage(sql, now, person, customerId, command, shares);
}

/** Counts what was done; in the transaction of its effect. */
export async function addUsage(
  sql: Sql,
  now: number,
  person: string,
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
    subjectsOf(person, customerId).flatMap((subject) =>
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

const personOf = (person: string) => `person:${person}`;
const customerOf = (id: string) => `customer:${id}`;

function subjectsOf(person: string, customerId: string | null): string[] {
  return customerId === null ? [personOf(person)] : [personOf(person), customerOf(customerId)];
}

function sharing(shares: readonly Share[]): string[] {
  return shares.map(({ customerId }) => customerOf(customerId));
}

function dayUsage(rows: readonly PolicyUsageRow[]): DayUsage {
  const amountOf = (measure: string) => rows.find((row) => row.measure === measure)?.amount ?? 0;
  return { credits: amountOf('credits'), runs: amountOf('runs'), money: moneyOf(rows) };
}

function moneyOf(rows: readonly PolicyUsageRow[]): Record<string, number> {
  const prefix = 'money:';
  const amounts = rows.filter((row) => row.measure.startsWith(prefix));
  return Object.fromEntries(amounts.map((row) => [row.measure.slice(prefix.length), row.amount]));
}
