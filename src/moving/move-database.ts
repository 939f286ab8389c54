import { type Database, openDatabase } from '#db/connection.ts';
import { refreshStatistics } from '#db/copy-checks.ts';
import { type CopySource, openCopySource, SourceInUseError, SourceMissingError } from '#db/copy-source.ts';
import { CopyUnderWayError, inspectTarget } from '#db/copy-target.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Clock } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import type { Progress } from '#src/replies/progress.ts';
import { requireEmptyTarget, requireSameSchema } from './check-sides.ts';
import { type CopiedTable, copyDatabase } from './copy-database.ts';
import { lookOver } from './look-over.ts';
import { tellPostgres } from './tell-postgres.ts';

export type MoveMode = 'copy' | 'rehearse' | 'dry run';

export type DbCopyReport = {
  mode: MoveMode;
  tables: CopiedTable[];
  rows: number;
  /** What did not hold in the source already, and was copied as it is. */
  problems: string[];
  /** Of a dry run: for what the copy would be refused. */
  obstacles: string[];
  /** Of a dry run: how long the copy may take. */
  estimateSeconds: number;
  ms: number;
};

export type MoveOptions = {
  databaseUrl: string;
  target: Database;
  cause: Cause;
  mode: MoveMode;
  withProblems: boolean;
  clock: Clock;
  report(progress: Progress): void;
  signal: AbortSignal;
};

/**
 * Moves the database to Postgres, rehearses it, or looks it over. Only a real copy demands that nobody has the source
 * open: what would be written meanwhile would not be copied.
 *
 * @throws UserError
 */
export async function moveDatabase(options: MoveOptions): Promise<DbCopyReport> {
  const { target, cause, mode, clock, signal } = options;
  const startedAt = clock.now();
  const path = requireSqlite(options.databaseUrl);
  const source = await openSource(path, mode === 'copy');
  try {
    requireSameSchema(source);
    requireEmptyTarget(await inspectTarget(target.knex));
    if (mode === 'dry run') return { ...(await dryRun(options, source)), ms: clock.now() - startedAt };
    const isKept = mode === 'copy';
    const { tables, rows, problems } = await copyDatabase({ ...options, source, cause, isKept });
    if (isKept) await refreshStatistics(target.knex);
    return { mode, tables, rows, problems, obstacles: [], estimateSeconds: 0, ms: clock.now() - startedAt };
  } catch (error) {
    if (signal.aborted) throw interrupted();
    if (error instanceof CopyUnderWayError) throw underWay();
    throw tellPostgres(error);
  } finally {
    await source.close();
  }
}

async function dryRun(options: MoveOptions, source: CopySource): Promise<Omit<DbCopyReport, 'ms'>> {
  const database = openDatabase(options.databaseUrl);
  try {
    const { report, signal, cause } = options;
    const overview = await lookOver({ source, database, now: cause.now, report, signal });
    const { tables, rows, problems, unfit, estimateSeconds } = overview;
    const more = unfit.count - unfit.sentences.length;
    const obstacles = [
      ...unfit.sentences,
      ...(more > 0 ? [`${counted(more, 'more row')} of this kind.`] : []),
      ...(options.withProblems ? [] : problems),
    ];
    return { mode: 'dry run', tables, rows, problems, obstacles, estimateSeconds };
  } finally {
    await database.close();
  }
}

function requireSqlite(url: string): string {
  if (url.startsWith('sqlite:')) return url.slice('sqlite:'.length);
  throw new UserError(
    'usage',
    'DATABASE_URL names a Postgres database already, and db copy goes from SQLite to Postgres.',
    'From one Postgres to another, use pg_dump and pg_restore.',
  );
}

async function openSource(path: string, isAlone: boolean): Promise<CopySource> {
  try {
    return await openCopySource(path, isAlone);
  } catch (error) {
    if (error instanceof SourceMissingError)
      throw new UserError(
        'not_found',
        `There is no SQLite database at ${error.message}.`,
        'Set DATABASE_URL to the one that Lucy runs on now.',
      );
    if (error instanceof SourceInUseError)
      throw new UserError(
        'conflict',
        `Something has the SQLite database ${error.message} open, and what it writes meanwhile would be lost. Nothing was copied.`,
        'Stop Lucy and every terminal of hers, and try again. While she runs, --dry-run and --rehearse work.',
      );
    throw error;
  }
}

function interrupted(): UserError {
  return new UserError(
    'conflict',
    'The copy was interrupted. The target holds nothing, and the SQLite database is as it was.',
    'Run the same line again to begin anew, or start Lucy on SQLite as before.',
  );
}

function underWay(): UserError {
  return new UserError(
    'conflict',
    'Another db copy is filling this database now. This one did nothing.',
    'Wait for it to end, or name another target.',
  );
}
