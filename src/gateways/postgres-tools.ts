import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '#src/core/errors.ts';

export type PostgresTool = 'pg_dump' | 'pg_restore';

/** Enough of what a tool complains about to know what is wrong. */
const COMPLAINT_MAX = 2_000;

/**
 * Runs a tool of Postgres against a database. The password goes into a file that only this user can read, for as long as
 * the tool runs (postgresql.org/docs/current/libpq-pgpass.html): whoever lists processes sees no secret.
 *
 * @param place.url an address without a password
 * @param folder where the tools are; null for wherever the PATH finds them
 * @throws UserError when the tool is not installed; Error with its own words when it fails
 */
export async function runPostgresTool(
  tool: PostgresTool,
  args: readonly string[],
  place: { url: string; password: string },
  folder: string | null,
): Promise<string> {
  const passfile = join(tmpdir(), `lucy-pass-${randomBytes(8).toString('hex')}`);
  const secret = place.password.replaceAll('\\', '\\\\').replaceAll(':', '\\:');
  await writeFile(passfile, `*:*:*:*:${secret}\n`, { mode: 0o600 });
  try {
    const url = new URL(place.url);
    url.searchParams.set('passfile', passfile);
    // A table that somebody holds for ever must not hold up everything for ever.
    url.searchParams.set('options', '-clock_timeout=60s');
    return await run(folder === null ? tool : join(folder, tool), [...args, '--dbname', url.toString()]);
  } finally {
    await rm(passfile, { force: true });
  }
}

/** The major version of the tool; 15 for “pg_dump (PostgreSQL) 15.14”. */
export async function postgresToolMajor(tool: PostgresTool, folder: string | null): Promise<number> {
  const said = await run(folder === null ? tool : join(folder, tool), ['--version']);
  return Number(/\(PostgreSQL\) (\d+)/.exec(said)?.[1] ?? Number.NaN);
}

function run(path: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let complaint = '';
    child.stdout.on('data', (chunk) => {
      out = `${out}${chunk}`.slice(-COMPLAINT_MAX);
    });
    child.stderr.on('data', (chunk) => {
      complaint = `${complaint}${chunk}`.slice(-COMPLAINT_MAX);
    });
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? toolMissing(path) : error),
    );
    child.once('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${path} ended with ${code}: ${lastLines(complaint)}`)),
    );
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ');
}

export function toolMissing(path: string): UserError {
  return new UserError(
    'unavailable',
    `${path} is not installed here, so this database cannot be backed up or restored.`,
    'Install the client tools of your server’s version (on Debian and Ubuntu: postgresql-client-18 and the like), or set backups.postgres_tools to their folder.',
  );
}
