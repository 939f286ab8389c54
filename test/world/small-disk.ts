import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const execute = promisify(execFile);
const MEBIBYTE = 1024 * 1024;

export type SmallDisk = {
  folder: string;
  /** Until not another byte fits. */
  fill(): Promise<void>;
  free(): Promise<void>;
};

/** A disk of so many MiB, in memory. Null, and told loudly, where this user may not mount one. */
export async function smallDisk(mebibytes: number, what: string): Promise<SmallDisk | null> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-disk-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  try {
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  } catch {
    process.stderr.write(`\nNOT RUN: ${what}. It needs the right to mount a small disk (root on Linux).\n\n`);
    return null;
  }
  onTestFinished(async () => {
    // Whoever had files open on it may be just ending.
    await execute('umount', ['--lazy', folder]);
  });
  const filler = join(folder, 'filler');
  return {
    folder,
    async fill() {
      for (const size of [MEBIBYTE, 4096, 1])
        await (async () => {
          for (;;) await writeFile(filler, Buffer.alloc(size), { flag: 'a' });
        })().catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOSPC') throw error;
        });
    },
    free: () => rm(filler),
  };
}
