import type { Sql } from '#db/connection.ts';
import { countStrayEntitlements, listOrphans } from '#db/copy-checks.ts';
import { findUnbalancedAccounts } from '#db/credit-proof.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { counted } from '#src/core/text.ts';

/**
 * What must hold in every database of Lucy's, one sentence for each that does not: every balance is the sum of its
 * entries, of its lots and of its holds; the audit chain proves itself; entitlements are what their last change led
 * to; nothing names a row that is not there. Unique keys, foreign keys and checks are Postgres' own.
 */
export async function checkInvariants(sql: Sql, now: number): Promise<string[]> {
  const problems: string[] = [];
  const unbalanced = await findUnbalancedAccounts(sql);
  if (unbalanced.length > 0)
    problems.push(
      `${counted(unbalanced.length, 'credit account does', 'credit accounts do')} not add up, the first that of ${unbalanced[0]?.customer_id}.`,
    );
  const audit = await verifyAudit(sql, now);
  if (audit.problemCount > 0)
    problems.push(`The audit does not prove itself: ${audit.problems[0]?.sentence ?? ''}`);
  const stray = await countStrayEntitlements(sql);
  if (stray > 0)
    problems.push(
      `${counted(stray, 'customer has', 'customers have')} a tier or an access that is not what the last change led to.`,
    );
  for (const { table, column, rows } of await listOrphans(sql))
    problems.push(
      `${counted(rows, 'row')} of ${table} ${rows === 1 ? 'names' : 'name'} in ${column} what is not there.`,
    );
  return problems;
}
