import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from '#db/connection.ts';
import type { CopySource } from '#db/copy-source.ts';
import { type CopyTarget, fillTarget, prepareTarget } from '#db/copy-target.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Progress } from '#src/replies/progress.ts';
import { checkInvariants } from './check-invariants.ts';
import { requireSameColumns } from './check-sides.ts';
import { createDigest } from './digest.ts';
import { digestLines, progressWords, streamTable, unfitSentence } from './stream-table.ts';

export type CopiedTable = { name: string; rows: number; checksum: string };

export type CopyReport = { tables: CopiedTable[]; rows: number; problems: string[] };

export type CopyOptions = {
  source: CopySource;
  target: Database;
  cause: Cause;
  /** False: everything is done and proved, and then undone. */
  isKept: boolean;
  /** Copies although something did not hold in the source already. */
  withProblems: boolean;
  report(progress: Progress): void;
  signal: AbortSignal;
};

/**
 * Copies every row and proves on arrival, before anything is committed, that it is the same: rows and checksum of each
 * table, then the invariants. Committed are all of it with an audit row that tells who did it, or nothing.
 *
 * @throws UserError
 */
export async function copyDatabase(options: CopyOptions): Promise<CopyReport> {
  const { source, target, cause, isKept } = options;
  await prepareTarget(target, cause.now);
  return fillTarget(target, isKept, async (filling) => {
    requireSameColumns(source, filling.tables);
    const sent = await sendAll(options, filling);
    await requireArrived(options, filling, sent);
    await filling.restoreGuards();
    options.report({ done: 1, total: 1, words: 'Proving the ledger, the audit and the entitlements' });
    const problems = await checkInvariants(filling.sql, cause.now);
    if (problems.length > 0 && !options.withProblems) throw doesNotHold(problems);
    const rows = sent.reduce((sum, table) => sum + table.rows, 0);
    await recordAudit(filling.sql, cause, {
      command: 'db copy',
      outcome: 'done',
      customerId: null,
      input: { from: 'sqlite', withProblems: options.withProblems },
      before: { rows: 0 },
      after: { rows, tables: sent.length, problems },
    });
    return { tables: sent, rows, problems };
  });
}

async function sendAll({ source, report, signal }: CopyOptions, filling: CopyTarget): Promise<CopiedTable[]> {
  const total = filling.tables.reduce((sum, { name }) => sum + source.count(name), 0);
  let done = 0;
  const sent: CopiedTable[] = [];
  for (const table of filling.tables) {
    signal.throwIfAborted();
    const digest = createDigest();
    const place = `${table.name} (table ${sent.length + 1} of ${filling.tables.length})`;
    const chunks = streamTable(
      source,
      table,
      digest,
      (row) => {
        throw cannotHold([unfitSentence(row)]);
      },
      (rows) => {
        done += rows;
        report({ done, total, words: progressWords(done, total, place, 'Copying') });
      },
    );
    await pipeline(Readable.from(chunks), filling.writeTo(table.name, table.columns), { signal });
    sent.push({ name: table.name, rows: digest.rows(), checksum: digest.hex() });
  }
  return sent;
}

/** Reads everything back out of Postgres; what it stored is compared, not what was sent. */
async function requireArrived(
  { report, signal }: CopyOptions,
  filling: CopyTarget,
  sent: readonly CopiedTable[],
): Promise<void> {
  const total = sent.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const [index, table] of filling.tables.entries()) {
    signal.throwIfAborted();
    const digest = createDigest();
    const place = `${table.name} (table ${index + 1} of ${sent.length})`;
    await digestLines(filling.readFrom(table.name, table.columns), digest, (rows) => {
      done += rows;
      report({ done, total, words: progressWords(done, total, place, 'Comparing') });
    });
    const there = sent[index];
    if (there?.rows === digest.rows() && there.checksum === digest.hex()) continue;
    throw new UserError(
      'conflict',
      `The table ${table.name} did not arrive as it was sent: ${there?.rows} rows with the checksum ${there?.checksum} here, ${digest.rows()} rows with ${digest.hex()} there. Nothing was kept.`,
      'Look for a trigger, a rule or another program that changes rows in the target, and begin again.',
    );
  }
}

/** Rows that Postgres cannot hold; shown are the first ones. */
export function cannotHold(sentences: readonly string[]): UserError {
  return new UserError(
    'invalid',
    `Postgres cannot hold what is there: ${sentences.join(' ')} Nothing was kept in the target.`,
    'Correct these rows in the SQLite database (a backup first), or ask the data platform team; db copy --dry-run lists all of them.',
  );
}

export function doesNotHold(problems: readonly string[]): UserError {
  return new UserError(
    'conflict',
    `What must hold in every database does not hold in this one: ${problems.join(' ')} It was so before the copy, and nothing was kept in the target.`,
    'Mend it on SQLite first (“credits audit”, “audit verify” and “reconcile run” say more). What cannot be mended is copied as it is with --with-problems, and the audit says so.',
  );
}
