import { UserError } from '#src/core/errors.ts';

/** What may go wrong at Postgres without a defect of Lucy's, in sentences; anything else as it came. */
export function tellPostgres(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { code, table, constraint } = error as Error & { code?: string; table?: string; constraint?: string };
  if (code === undefined) return error;
  if (code.startsWith('23'))
    return new UserError(
      'invalid',
      `Postgres refused a row of ${table ?? 'a table'}: it breaks ${constraint ?? 'a rule of the schema'}. Nothing was kept in the target.`,
      'Such a row got into SQLite past its checks. Find it with “db copy --dry-run” and sqlite3, correct it, and begin again.',
    );
  if (code.startsWith('54'))
    return new UserError(
      'invalid',
      `Postgres cannot index a text of ${table ?? 'a table'} that is longer than 2,700 bytes (${constraint ?? 'an index'}). Nothing was kept in the target.`,
      'Such a text got into SQLite, which has no such limit. Shorten it there, and begin again.',
    );
  if (code.startsWith('53'))
    return new UserError(
      'unavailable',
      'The Postgres server has no room or no memory left. Nothing was kept in the target.',
      'Give it at least twice the size of the SQLite file, and begin again.',
    );
  if (code === '3D000' || code.startsWith('28'))
    return new UserError(
      'unavailable',
      code === '3D000'
        ? 'There is no such database on that server.'
        : 'The Postgres server refused the user or the password.',
      'Check the address; make the database with: createdb NAME',
    );
  if (/^(08|57P|EAI|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code))
    return new UserError(
      'unavailable',
      `The Postgres server cannot be reached, or the connection broke (${code}). Nothing was kept in the target.`,
      'See that it runs, and run the same line again.',
    );
  return error;
}
