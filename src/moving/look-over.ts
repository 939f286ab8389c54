import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '#db/connection.ts';
import type { CopySource } from '#db/copy-source.ts';
import type { Progress } from '#src/replies/progress.ts';
import { checkInvariants } from './check-invariants.ts';
import type { CopiedTable } from './copy-database.ts';
import { createDigest } from './digest.ts';
import { progressWords, streamTable, unfitSentence } from './stream-table.ts';

/** So many unfit rows are named; all are counted. */
const NAMED = 20;

/** So many were copied and compared by a busy machine of 2 cores (bench/results.md, “Moving over”). */
const ROWS_A_SECOND = 8_000;

export type Overview = {
  tables: CopiedTable[];
  rows: number;
  bytes: number;
  unfit: { count: number; sentences: string[] };
  problems: string[];
  estimateSeconds: number;
};

/** Reads the whole source as a copy would, writes nothing anywhere, and says what would stand in the way. */
export async function lookOver(options: {
  source: CopySource;
  /** The same database, for the questions that need more than rows. */
  database: Database;
  now: number;
  report(progress: Progress): void;
  signal: AbortSignal;
}): Promise<Overview> {
  const { source, report, signal } = options;
  const names = source.tables();
  const total = names.reduce((sum, name) => sum + source.count(name), 0);
  const overview: Overview = {
    tables: [],
    rows: total,
    bytes: source.bytes,
    unfit: { count: 0, sentences: [] },
    problems: [],
    estimateSeconds: Math.ceil(total / ROWS_A_SECOND),
  };
  let done = 0;
  for (const name of names) {
    const digest = createDigest();
    const place = `${name} (table ${overview.tables.length + 1} of ${names.length})`;
    const chunks = streamTable(
      source,
      { name, columns: source.columns(name) },
      digest,
      (row) => {
        overview.unfit.count++;
        if (overview.unfit.sentences.length < NAMED) overview.unfit.sentences.push(unfitSentence(row));
      },
      (rows) => {
        done += rows;
        report({ done, total, words: progressWords(done, total, place, 'Reading') });
      },
    );
    for (const _chunk of chunks) {
      signal.throwIfAborted();
      await nextTurn();
    }
    overview.tables.push({ name, rows: digest.rows(), checksum: digest.hex() });
  }
  overview.problems = await checkInvariants(options.database.knex, options.now);
  return overview;
}
