import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from '#db/connection.ts';
import { type Exported, exportDatabase } from './export-database.ts';

/** More than this is neither copied beside people's clicks nor held in memory; it is made at the terminal. */
const LIMITS = { rows: 50_000, bytes: 20_000_000 };

class TooLarge extends Error {}

type Wanted = Omit<Parameters<typeof exportDatabase>[1], 'path' | 'onProgress'>;

/** The same copy in memory, for a surface that hands out files; null when it is too large for one. Leaves nothing behind. */
export async function exportAsFile(
  sql: Sql,
  wanted: Wanted,
  limits = LIMITS,
): Promise<{ exported: Exported; bytes: Buffer } | null> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-copy-'));
  const path = join(folder, 'copy.db');
  const read = new Map<string, number>();
  try {
    const exported = await exportDatabase(sql, {
      ...wanted,
      path,
      onProgress({ table, rows, total }) {
        read.set(table, Math.max(rows, total));
        if (sum(read.values()) > limits.rows) throw new TooLarge();
      },
      async beforeHandover(made) {
        if (made.bytes > limits.bytes) throw new TooLarge();
        await wanted.beforeHandover(made);
      },
    });
    return { exported, bytes: await readFile(path) };
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const each of numbers) all += each;
  return all;
}
