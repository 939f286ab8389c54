import type { CopySource } from '#db/copy-source.ts';
import type { TargetState } from '#db/copy-target.ts';
import { listMigrations } from '#db/migrate.ts';
import { UserError } from '#src/core/errors.ts';
import { counted, listed } from '#src/core/text.ts';

const SHOWN = 8;

/** @throws UserError when the source is not exactly as this version of Lucy has it */
export function requireSameSchema(source: CopySource): void {
  const known = listMigrations();
  const applied = source.migrations();
  const newer = applied.filter((name) => !known.includes(name));
  const missing = known.filter((name) => !applied.includes(name));
  if (applied.length === 0)
    throw new UserError(
      'invalid',
      'This SQLite file is not a database of Lucy’s.',
      'Set DATABASE_URL to the database that Lucy runs on now.',
    );
  if (newer.length > 0)
    throw new UserError(
      'conflict',
      `The SQLite database was written by a newer version of Lucy (it knows ${listed(newer.slice(0, SHOWN))}).`,
      'Run db copy of that version.',
    );
  if (missing.length > 0)
    throw new UserError(
      'conflict',
      `The SQLite database is older than this version of Lucy: ${counted(missing.length, 'migration')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      'Start this version on SQLite once (npm start, or npx lucy whoami), see that it runs, and copy then.',
    );
}

/** @throws UserError when Lucy could not, or should not, write into this database */
export function requireEmptyTarget(target: TargetState): void {
  const { database } = target;
  if (target.isReadOnly)
    throw new UserError(
      'unavailable',
      `The database ${database} only reads: it is a replica, or set to read-only.`,
      'Name the primary server in --to.',
    );
  if (target.encoding !== 'UTF8')
    throw new UserError(
      'invalid',
      `The database ${database} is encoded in ${target.encoding}, and names and messages need UTF8.`,
      `Make another one: createdb --encoding=UTF8 --template=template0 ${database}_utf8`,
    );
  if (!target.mayCreate)
    throw new UserError(
      'refused',
      `This user may not make tables in the database ${database}.`,
      `As its owner, say: grant create on schema public to …; or make the user its owner.`,
    );
  if (target.found.length === 0) return;
  const full = target.found.filter(({ rows }) => rows > 0);
  const shown = (full.length > 0 ? full : target.found)
    .slice(0, SHOWN)
    .map(({ name, rows }) => `${name} (${counted(rows, 'row')})`);
  const more = (full.length || target.found.length) - shown.length;
  throw new UserError(
    'conflict',
    `The database ${database} is not empty: it has ${counted(target.found.length, 'table')}, among them ${listed(shown)}${more > 0 ? ` and ${more} more` : ''}. Nothing was changed.`,
    `Make an empty one and name it in --to: createdb ${database}_new`,
  );
}

/** @throws UserError when a table or a column is on one side only, which equal migrations make impossible */
export function requireSameColumns(
  source: CopySource,
  tables: readonly { name: string; columns: readonly { name: string }[] }[],
): void {
  const described = (name: string, columns: readonly { name: string }[]) =>
    `${name} (${columns.map((column) => column.name).join(', ')})`;
  const here = source.tables().map((name) => described(name, source.columns(name)));
  const there = tables.map(({ name, columns }) => described(name, columns));
  const [odd] = [
    ...here.filter((table) => !there.includes(table)),
    ...there.filter((table) => !here.includes(table)),
  ];
  if (odd === undefined) return;
  throw new UserError(
    'conflict',
    `The two databases do not have the same tables and columns; they differ in ${odd}.`,
    'Somebody changed the schema by hand. Put it back as the migrations made it, and copy then.',
  );
}
