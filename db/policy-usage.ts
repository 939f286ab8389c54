import { engineOf, type Sql } from './connection.ts';

export type PolicyUsageRow = {
  /** `person:ada` or `customer:cust_…` */
  subject: string;
  command: string;
  /** A UTC day: `2026-11-21`. */
  day: string;
  /** `credits`, `money:usd` in minor units, or `runs` */
  measure: string;
  amount: number;
};

type Counted = Pick<PolicyUsageRow, 'subject' | 'command' | 'day'>;

export async function listPolicyUsage(
  sql: Sql,
  { subject, command, day }: Counted,
): Promise<PolicyUsageRow[]> {
  return sql<PolicyUsageRow>('policy_usage').where({ subject, command, day });
}

/**
 * Holds what this subject did with this command today until the transaction ends, whether there is anything yet or
 * not: whoever counts on it afterwards follows. SQLite has one writer, and its transactions begin as such.
 */
export async function lockPolicyUsage(sql: Sql, { subject, command, day }: Counted): Promise<void> {
  await sql('policy_usage')
    .insert({ subject, command, day, measure: 'runs', amount: 0 })
    .onConflict(['subject', 'command', 'day', 'measure'])
    .ignore();
  if (engineOf(sql) !== 'postgres') return;
  await sql('policy_usage').where({ subject, command, day, measure: 'runs' }).forUpdate().first('amount');
}

export async function addPolicyUsage(sql: Sql, row: PolicyUsageRow): Promise<void> {
  await sql('policy_usage')
    .insert(row)
    .onConflict(['subject', 'command', 'day', 'measure'])
    .merge({ amount: sql.raw('policy_usage.amount + ?', [row.amount]) });
}

/** @param day the first one that is kept */
export async function deletePolicyUsageBefore(sql: Sql, day: string): Promise<void> {
  await sql('policy_usage').where('day', '<', day).delete();
}
