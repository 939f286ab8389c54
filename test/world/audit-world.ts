import type { Database, Sql } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import { sealNext } from '#src/audit/seal.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import type { Cause } from '#src/core/cause.ts';
import { freshDatabase, testEngine } from './fresh-database.ts';
import { staff } from './terminal-world.ts';
import { testCause } from './test-cause.ts';
import { type TestClock, testClock } from './test-clock.ts';

export type AuditWorld = {
  database: Database;
  url: string;
  clock: TestClock;
  /** One audit row per second, each in a transaction of its own; returns their ids. */
  record(count: number, cause?: Partial<Cause>): Promise<string[]>;
  /** Seals until nothing waits. */
  seal(): Promise<number>;
  /** The sentences of what is wrong, and how many problems there are. */
  broken(sql?: Sql): Promise<{ first: string; count: number }>;
};

/** The audit alone, on a database of its own. */
export async function auditWorld(): Promise<AuditWorld> {
  const { database, url } = await freshDatabase();
  const clock = testClock();
  return {
    database,
    url,
    clock,
    record: (count, cause) => record(database, clock, count, cause),
    async seal() {
      let sealed = 0;
      for (let more = 1; more > 0; sealed += more) more = await sealNext({ database, clock });
      return sealed;
    },
    async broken(sql = database.knex) {
      const { problems, problemCount } = await verifyAudit(sql, clock.now());
      return { first: problems[0]?.sentence ?? 'nothing', count: problemCount };
    },
  };
}

async function record(
  database: Database,
  clock: TestClock,
  count: number,
  patch: Partial<Cause> = {},
): Promise<string[]> {
  return inTransaction(database, async (sql) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      clock.advance(1_000);
      const cause = testCause(clock.now(), { actor: staff('support'), ticket: `ZD-${index}`, ...patch });
      ids.push(await recordAudit(sql, cause, auditFacts(index)));
    }
    return ids;
  });
}

function auditFacts(index: number) {
  return {
    command: 'credits grant',
    outcome: 'done' as const,
    customerId: 'cust_sofia',
    input: { count: String(index) },
    before: { balance: index },
    after: { balance: index + 1 },
  };
}

const guarded = ['audit_events', 'audit_seals', 'audit_anchors', 'audit_unsealed', 'audit_chain'];

/** What somebody does first who owns the database and wants to rewrite history. */
export async function dropGuards({ knex }: Database): Promise<void> {
  if (testEngine === 'postgres') {
    for (const table of guarded) await knex.raw('alter table ?? disable trigger user', [table]);
    return;
  }
  const triggers: string[] = await knex('sqlite_master')
    .where({ type: 'trigger' })
    .whereIn('tbl_name', guarded)
    .pluck('name');
  for (const name of triggers) await knex.raw('drop trigger ??', [name]);
}
