import { engineOf, type Sql } from './connection.ts';

export type RateBudgetRow = {
  name: string;
  /** The next free moment, in microseconds since 1970. */
  next_at_us: number;
  /** Requests a minute, as slowed down as it is. */
  per_minute: number;
  slowed_at: number;
  /** How often the service said “too fast”. */
  refusals: number;
};

/** Holds the budget's row; the first who asks makes it. */
export async function lockBudget(sql: Sql, fresh: RateBudgetRow): Promise<RateBudgetRow> {
  const query = sql<RateBudgetRow>('rate_budgets').where({ name: fresh.name }).first();
  const held = await (engineOf(sql) === 'postgres' ? query.forUpdate() : query);
  if (held) return held;
  await sql('rate_budgets').insert(fresh).onConflict('name').ignore();
  return lockBudget(sql, fresh);
}

export async function updateBudget(sql: Sql, row: RateBudgetRow): Promise<void> {
  await sql('rate_budgets').where({ name: row.name }).update(row);
}

export async function findBudget(sql: Sql, name: string): Promise<RateBudgetRow | undefined> {
  return sql<RateBudgetRow>('rate_budgets').where({ name }).first();
}

/** The service named a moment before which nobody asks: the later of two holds. */
export async function restBudget(sql: Sql, name: string, untilUs: number, now: number): Promise<void> {
  const row = await lockBudget(sql, { name, next_at_us: 0, per_minute: 0, slowed_at: 0, refusals: 0 });
  const next_at_us = Math.max(row.next_at_us, untilUs);
  await updateBudget(sql, { ...row, next_at_us, slowed_at: now, refusals: row.refusals + 1 });
}
