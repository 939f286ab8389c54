import { type BackupFacts, countNegativeBalances, readBackupFacts } from '#db/backup-checks.ts';
import { findSqliteDamage } from '#db/backup-sqlite.ts';
import type { Database } from '#db/connection.ts';
import { findUnbalancedAccounts } from '#db/credit-proof.ts';
import { migrate, NewerDatabaseError } from '#db/migrate.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { errorMessage } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';

export type Proof = { problems: string[]; facts: BackupFacts | null };

/**
 * Whether a restored database is one that Lucy may run on: the engine finds it whole, every balance is what its entries add
 * up to and none is negative, and the audit’s chain holds. It is migrated on the way, as it would be in earnest.
 */
export async function checkRestored(database: Database, now: number): Promise<Proof> {
  const sql = database.knex;
  const damage = database.engine === 'sqlite' ? await findSqliteDamage(sql, 'whole') : [];
  if (damage.length > 0)
    return { problems: damage.map((text) => `SQLite finds it damaged: ${text}.`), facts: null };
  const facts = await readBackupFacts(sql);
  if (facts.schema === '') return { problems: ['It is no database of Lucy’s.'], facts: null };
  try {
    await migrate(database);
  } catch (error) {
    const why =
      error instanceof NewerDatabaseError
        ? error.message
        : `It could not be migrated: ${errorMessage(error)}`;
    return { problems: [why], facts };
  }
  return { problems: await findWrongs(database, now), facts };
}

/** What is wrong with balances and audit, in sentences. */
export async function findWrongs({ knex }: Database, now: number): Promise<string[]> {
  const problems: string[] = [];
  const unbalanced = await findUnbalancedAccounts(knex);
  if (unbalanced.length > 0)
    problems.push(`${counted(unbalanced.length, 'balance')} differ from what the entries add up to.`);
  const negative = await countNegativeBalances(knex);
  if (negative > 0) problems.push(`${counted(negative, 'balance')} below zero.`);
  const audit = await verifyAudit(knex, now);
  const [first] = audit.problems;
  if (first) problems.push(`The audit was changed: ${first.sentence}`);
  return problems;
}
