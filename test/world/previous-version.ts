import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MEBIBYTE = 1024 * 1024;

/**
 * The program as it was before the newest migration, in a folder of its own with this one's packages: what still runs
 * while this version is rolled out. Whoever asks removes the folder. Null, and told loudly, where the history is not there.
 */
export function previousVersion(what: string): { home: string; commit: string } | null {
  try {
    const commit = commitBefore();
    const home = mkdtempSync(join(tmpdir(), 'lucy-previous-'));
    const parts = ['src', 'db', 'migrations', 'commands', 'package.json', 'tsconfig.json'];
    const archive = execFileSync('git', ['archive', commit, ...parts], {
      cwd: root,
      maxBuffer: 100 * MEBIBYTE,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    execFileSync('tar', ['-x', '-C', home], { input: archive });
    symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
    return { home, commit: commit.slice(0, 7) };
  } catch {
    process.stderr.write(
      `\nNOT RUN: ${what}. The version before the newest migration is not there: fetch the whole history (git fetch --unshallow).\n\n`,
    );
    return null;
  }
}

/** Whose newest migration is not committed yet is N itself: the last commit is N−1. */
function commitBefore(): string {
  const newest = readdirSync(join(root, 'migrations')).sort().at(-1) ?? '';
  const adding = git('log', '-1', '--diff-filter=A', '--format=%H', '--', `migrations/${newest}`);
  return git('rev-parse', '--verify', adding === '' ? 'HEAD' : `${adding}^`);
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
