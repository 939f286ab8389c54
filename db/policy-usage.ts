import { engineOf, type Sql } from './connection.ts';

export type PolicyUsageRow = {
  /** `person:slack:U0ADA00001`, by the id under which somebody acted, or `customer:cust_…` */
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

/** SQLite binds 32,766 values in a statement, Postgres 65,535. */
const AT_ONCE = 500;

/** What each of these did. */
export async function listPolicyUsageOf(
  sql: Sql,
  { subjects, command, day }: Omit<Counted, 'subject'> & { subjects: readonly string[] },
): Promise<PolicyUsageRow[]> {
  const found: PolicyUsageRow[] = [];
  for (const some of chunks(subjects))
    found.push(
      ...(await sql<PolicyUsageRow>('policy_usage').whereIn('subject', some).where({ command, day })),
    );
  return found;
}

/**
 * Holds what these did with this command today until the transaction ends, whether there is anything yet or not:
 * whoever counts on it afterwards follows. SQLite has one writer, and its transactions begin as such.
 *
 * @param subjects in an order that is everybody's, so that nobody waits in a circle
 */
export async function lockPolicyUsage(
  sql: Sql,
  { subjects, command, day }: Omit<Counted, 'subject'> & { subjects: readonly string[] },
): Promise<void> {
  for (const some of chunks(subjects)) {
    await sql('policy_usage')
      .insert(some.map((subject) => ({ subject, command, day, measure: 'runs', amount: 0 })))
      .onConflict(['subject', 'command', 'day', 'measure'])
      .ignore();
    if (engineOf(sql) !== 'postgres') continue;
    await sql('policy_usage')
      .whereIn('subject', some)
      .where({ command, day, measure: 'runs' })
      .orderBy('subject')
      .forUpdate()
      .select('amount');
  }
}

export async function addPolicyUsage(sql: Sql, row: PolicyUsageRow): Promise<void> {
  await addPolicyUsageRows(sql, [row]);
}

/** @param rows no two of the same subject, command, day and measure */
export async function addPolicyUsageRows(sql: Sql, rows: readonly PolicyUsageRow[]): Promise<void> {
  for (const some of chunks(rows))
    await sql('policy_usage')
      .insert(some)
      .onConflict(['subject', 'command', 'day', 'measure'])
      .merge({ amount: sql.raw('policy_usage.amount + excluded.amount') });
}

/** @param day the first one that is kept */
export async function deletePolicyUsageBefore(sql: Sql, day: string): Promise<void> {
  await sql('policy_usage').where('day', '<', day).delete();
}

function chunks<T>(all: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) parts.push(all.slice(at, at + AT_ONCE));
  return parts;
}
