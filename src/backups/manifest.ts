import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';

/**
 * What a backup is, in a file beside it: its row dies with the database that it is to replace. Times in milliseconds,
 * sizes in bytes.
 */
const manifest = z.object({
  lucyBackup: z.literal(1),
  id: z.string().regex(/^bkp_[0-9a-z]+$/),
  why: z.enum(['asked', 'schedule', 'night', 'migration', 'restore']),
  engine: z.enum(['sqlite', 'postgres']),
  file: z.string(),
  reachedAt: z.int(),
  bytes: z.int(),
  sha256: z.string().length(64),
  requestedBy: z.string(),
  verifiedAt: z.int().nullable(),
  facts: z
    .object({
      schema: z.string(),
      auditId: z.string().nullable(),
      auditSeq: z.int(),
      rows: z.record(z.string(), z.int()),
    })
    .nullable(),
});

export type Manifest = z.infer<typeof manifest>;

const ENDING = '.json';

export async function writeManifest(folder: string, content: Manifest): Promise<void> {
  const path = join(folder, content.file + ENDING);
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
  await syncFolder(folder);
}

/**
 * Null when there is none, or none that Lucy can read. One that speaks of another file than the one beside it is none:
 * what it names is deleted in its time, and restored to try it.
 */
export async function readManifest(file: string): Promise<Manifest | null> {
  try {
    if (!(await isPlainFile(file + ENDING))) return null;
    const read = manifest.parse(JSON.parse(await readFile(file + ENDING, 'utf8')));
    return read.file === basename(file) ? read : null;
  } catch {
    return null;
  }
}

/** There, and no link to somewhere else. */
export async function isPlainFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

export async function listManifests(folder: string): Promise<Manifest[]> {
  const names = await readdir(folder).catch(() => []);
  const found: Manifest[] = [];
  for (const name of names.filter((one) => one.endsWith(ENDING)).sort()) {
    const read = await readManifest(join(folder, name.slice(0, -ENDING.length)));
    if (read) found.push(read);
  }
  return found;
}

export async function deleteBackupFile(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(file + ENDING, { force: true });
}

/** An empty file for its owner alone, whoever writes into it and whatever the process’s own mask. */
export async function createPrivate(path: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  await file.close();
}

/** Gives a finished file its name, on the disk for good, and for its owner alone. */
export async function settleFile(from: string, to: string, folder: string): Promise<void> {
  await chmod(from, 0o600);
  const file = await open(from, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(from, to);
  await syncFolder(folder);
}

/** The name of a file is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

export async function sumOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}
