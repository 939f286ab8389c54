import type { Sql } from '#db/connection.ts';
import { addPolicyUsage, listPolicyUsage, lockPolicyUsage, type PolicyUsageRow } from '#db/policy-usage.ts';
import type { Measures } from './measures.ts';

/** What was done with one command in one UTC day. Money in minor units, by currency. */
export type DayUsage = { credits: number; money: Readonly<Record<string, number>>; runs: number };

/** By this person, and by anybody for this customer; null where there is no customer. */
export type Usage = { person: DayUsage; customer: DayUsage | null };

export const nothingYet: DayUsage = { credits: 0, money: {}, runs: 0 };

/** Today's usage, as it is at this moment. */
export async function readUsage(
  sql: Sql,
  now: number,
  person: string,
  customerId: string | null,
  command: string,
): Promise<Usage> {
  const [ofPerson, ofCustomer] = subjects(person, customerId);
  return {
    person: await usageOf(sql, now, ofPerson, command),
    customer: ofCustomer === undefined ? null : await usageOf(sql, now, ofCustomer, command),
  };
}

/**
 * Today's usage, held until the transaction ends: of two confirmations that fit a limit each and not together, the
 * second one sees the first. The person is held before the customer, always, so that nobody waits in a circle.
 */
export async function holdUsage(
  sql: Sql,
  now: number,
  person: string,
  customerId: string | null,
  command: string,
): Promise<Usage> {
  for (const subject of subjects(person, customerId))
    await lockPolicyUsage(sql, { subject, command, day: dayOf(now) });
  return readUsage(sql, now, person, customerId, command);
}

/** Counts what was done; in the transaction of its effect. */
export async function addUsage(
  sql: Sql,
  now: number,
  person: string,
  customerId: string | null,
  command: string,
  { credits: largest, total, money }: Measures,
): Promise<void> {
  const credits = total ?? largest;
  const amounts: [measure: string, amount: number][] = [['runs', 1]];
  if (credits) amounts.push(['credits', credits]);
  if (money?.amount) amounts.push([`money:${money.currency}`, money.amount]);
  for (const subject of subjects(person, customerId)) {
    for (const [measure, amount] of amounts)
      await addPolicyUsage(sql, { subject, command, day: dayOf(now), measure, amount });
  }
}

/** `2026-11-21`: limits by day begin anew at midnight UTC. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

function subjects(person: string, customerId: string | null): [string, ...string[]] {
  return customerId === null ? [`person:${person}`] : [`person:${person}`, `customer:${customerId}`];
}

async function usageOf(sql: Sql, now: number, subject: string, command: string): Promise<DayUsage> {
  const rows = await listPolicyUsage(sql, { subject, command, day: dayOf(now) });
  const amountOf = (measure: string) => rows.find((row) => row.measure === measure)?.amount ?? 0;
  return { credits: amountOf('credits'), runs: amountOf('runs'), money: moneyOf(rows) };
}

function moneyOf(rows: readonly PolicyUsageRow[]): Record<string, number> {
  const prefix = 'money:';
  const amounts = rows.filter((row) => row.measure.startsWith(prefix));
  return Object.fromEntries(amounts.map((row) => [row.measure.slice(prefix.length), row.amount]));
}
