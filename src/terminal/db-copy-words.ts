import { UserError } from '#src/core/errors.ts';

export type DbCopyMode = 'copy' | 'rehearse' | 'dry run';

export type DbCopyWords = {
  to: string;
  mode: DbCopyMode;
  reason: string | null;
  withProblems: boolean;
  isYes: boolean;
  isJson: boolean;
};

export const dbCopyHelp = `Move Lucy from SQLite to Postgres: every row, verified on arrival. The SQLite database is only read.

Usage: lucy db copy (--to postgres://… | --to-env NAME) --reason …

  --to             Address of an empty Postgres database
  --to-env         Name of the environment variable that holds it, so that no password stands in the process list
  --dry-run        Connect, read everything, check both sides, and write nothing; Lucy may run meanwhile
  --rehearse       Copy and verify everything, then undo it: how long it takes; Lucy may run meanwhile
  --reason         Why; kept in the audit of the new database (required)
  --with-problems  Copy although a balance, the audit or an entitlement does not hold in the source already
  --yes            Do not ask before doing it
  --json           Print JSON

It copies what DATABASE_URL names (sqlite:data/lucy.db when unset), and stops when anything else has that file open: stop
Lucy first. Either all of it arrives and is proved, or the target stays empty. docs/scaling.md has the whole move.
From one Postgres to another, use pg_dump and pg_restore. “lucy db migrate” brings a database to this version and does
nothing else; every start does it as well.

For example:
  lucy db copy --to-env NEW_DATABASE_URL --dry-run
  lucy db copy --to-env NEW_DATABASE_URL --reason "outgrown one machine"
`;

const hint = 'For example: lucy db copy --to-env NEW_DATABASE_URL --reason "outgrown one machine"';

/** @throws UserError, which never repeats an address: it may hold a password */
export function readDbCopyWords(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DbCopyWords {
  const values = new Map<string, string>();
  const switches = new Set<string>();
  for (let index = 0; index < argv.length; index++) {
    const [flag = '', ...attached] = (argv[index] ?? '').split('=');
    if (['--dry-run', '--rehearse', '--with-problems', '--yes', '-y', '--json'].includes(flag))
      switches.add(flag);
    else if (['--to', '--to-env', '--reason'].includes(flag)) {
      const value = attached.length > 0 ? attached.join('=') : argv[++index];
      if (!value?.trim()) throw new UserError('usage', `${flag} needs a value.`, hint);
      values.set(flag, value.trim());
    } else
      throw new UserError(
        'usage',
        'A word of this line is none that db copy knows.',
        `${hint}; or lucy db copy --help`,
      );
  }
  if (switches.has('--dry-run') && switches.has('--rehearse'))
    throw new UserError('usage', '--dry-run and --rehearse exclude each other.', 'Begin with --dry-run.');
  return {
    to: readTarget(values.get('--to'), values.get('--to-env'), env),
    mode: switches.has('--dry-run') ? 'dry run' : switches.has('--rehearse') ? 'rehearse' : 'copy',
    reason: values.get('--reason') ?? null,
    withProblems: switches.has('--with-problems'),
    isYes: switches.has('--yes') || switches.has('-y'),
    isJson: switches.has('--json'),
  };
}

function readTarget(
  to: string | undefined,
  name: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if ((to === undefined) === (name === undefined))
    throw new UserError('usage', 'Say where to, with --to or with --to-env.', hint);
  const url = to ?? env[name ?? '']?.trim();
  if (!url) throw new UserError('usage', `The environment variable ${name} is not set.`, hint);
  if (/^postgres(ql)?:\/\/.+/.test(url) && URL.canParse(url)) return url;
  throw new UserError(
    'usage',
    url.startsWith('sqlite:')
      ? 'db copy goes from SQLite to Postgres, not into another SQLite file.'
      : 'The address of the target is none of Postgres.',
    url.startsWith('sqlite:')
      ? 'A copy of the file itself is made by: lucy backup create'
      : 'It looks like postgres://user:password@host:5432/lucy',
  );
}

/** For people and logs: without the password, and without parameters that may hold one. */
export function maskedUrl(url: string): string {
  const { protocol, username, password, host, pathname } = new URL(url);
  const user = username && `${username}${password && ':…'}@`;
  return `${protocol}//${user}${host}${pathname}`;
}
