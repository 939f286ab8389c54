import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MEBIBYTE = 1024 * 1024;

/** The commit before the newest migration, or before a certain one; null, and told loudly, where the history is not there. */
export function previousCommit(what: string, migration?: string): string | null {
  try {
    return migration === undefined ? commitBefore() : commitBeforeAdding(migration);
  } catch {
    process.stderr.write(
      `\nNOT RUN: ${what}. The version before the newest migration is not there: fetch the whole history (git fetch --unshallow).\n\n`,
    );
    return null;
  }
}

/** The program as it was then, in a folder of the test's own, with this one's packages. */
export async function layOut(commit: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'lucy-previous-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const parts = ['src', 'db', 'migrations', 'commands', 'package.json', 'tsconfig.json'];
  const archive = execFileSync('git', ['archive', commit, ...parts], {
    cwd: root,
    maxBuffer: 100 * MEBIBYTE,
  });
  execFileSync('tar', ['-x', '-C', home], { input: archive });
  await symlink(join(root, 'node_modules'), join(home, 'node_modules'));
  return home;
}

/**
 * The commit before the last one that added a migration, whatever its number. Where a migration is not committed yet, this
 * is N itself: the last commit is N−1.
 */
function commitBefore(): string {
  const committed = git('ls-tree', '--name-only', 'HEAD', 'migrations/').split('\n');
  const isNew = readdirSync(join(root, 'migrations')).some(
    (name) => !committed.includes(`migrations/${name}`),
  );
  const adding = git('log', '-1', '--diff-filter=A', '--format=%H', '--', 'migrations');
  return git('rev-parse', '--verify', isNew || adding === '' ? 'HEAD' : `${adding}^`);
}

function commitBeforeAdding(path: string): string {
  const adding = git('log', '-1', '--diff-filter=A', '--format=%H', '--', path);
  return git('rev-parse', '--verify', `${adding}^`);
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
