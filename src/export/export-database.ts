import { link, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '#db/connection.ts';
import { openSnapshot, type Snapshot } from '#db/export-source.ts';
import { createTarget, type Target } from '#db/export-target.ts';
import { anonymizeRow } from './anonymize-row.ts';
import { exportRules } from './columns.ts';
import type { Scrub } from './scrub.ts';
import { sliceOf } from './slice.ts';
import { undecided } from './undecided.ts';

/** How far it is. */
export type ExportProgress = { table: string; rows: number; total: number };

export type Exported = { tables: number; rows: number; bytes: number };

/**
 * Writes an anonymised copy of one moment of the database as a new SQLite file on which Lucy can start. The file has
 * its name only when it is whole; what breaks off leaves none.
 *
 * @param wanted.customerId one customer's rows alone; null for everybody's
 * @param wanted.beforeHandover what must have happened before the file gets its name
 */
export async function exportDatabase(
  sql: Sql,
  wanted: {
    path: string;
    customerId: string | null;
    scrub: Scrub;
    now: number;
    onProgress(progress: ExportProgress): void;
    beforeHandover(exported: Exported): Promise<void>;
  },
): Promise<Exported> {
  const snapshot = await openSnapshot(sql);
  // Beside it, because only there it can be linked; and a folder, because nobody has a file of that name.
  const folder = await mkdtemp(`${wanted.path}.part-`);
  const part = join(folder, 'copy.db');
  try {
    const exported = await copyTo(part, snapshot, wanted);
    await wanted.beforeHandover(exported);
    // Not a rename: that would silently replace a file that came meanwhile.
    await link(part, wanted.path);
    return exported;
  } finally {
    await snapshot.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyTo(
  part: string,
  snapshot: Snapshot,
  wanted: Parameters<typeof exportDatabase>[1],
): Promise<Exported> {
  const target = await createTarget(part);
  try {
    const tables = await wantedTables(snapshot);
    let rows = 0;
    for (const table of tables) rows += await copyTable(snapshot, target, table, wanted);
    await target.finish(wanted.now);
    return { tables: tables.length, rows, bytes: (await stat(part)).size };
  } catch (error) {
    await target.abandon().catch(() => {});
    throw error;
  }
}

/** Every table has a rule, also one that came with a later migration; the migrations' own notes are made anew. */
async function wantedTables(snapshot: Snapshot): Promise<string[]> {
  const names = (await snapshot.tables()).filter((name) => !name.startsWith('knex_migrations'));
  const unknown = names.find((name) => !Object.hasOwn(exportRules, name));
  if (unknown !== undefined) throw undecided(unknown);
  return names.filter((name) => !('leftOut' in (exportRules[name] ?? {})));
}

async function copyTable(
  snapshot: Snapshot,
  target: Target,
  table: string,
  { customerId, scrub, onProgress }: Parameters<typeof exportDatabase>[1],
): Promise<number> {
  const rule = exportRules[table];
  const narrow = sliceOf(table, customerId);
  if (rule === undefined || 'leftOut' in rule || narrow === null) return 0;
  const total = await snapshot.count(table, narrow);
  let rows = 0;
  for await (const page of snapshot.pages(table, narrow)) {
    target.insert(
      table,
      page.filter((row) => isWanted(table, row)).map((row) => anonymizeRow(table, rule.columns, row, scrub)),
    );
    rows += page.length;
    onProgress({ table, rows, total });
  }
  return rows;
}

/** A copy belongs to no workspace and to no account of Stripe, and has no address. */
function isWanted(table: string, row: Record<string, unknown>): boolean {
  return (
    table !== 'installation' ||
    !['slack_identity', 'public_url', 'stripe_mode', 'events_poll'].includes(String(row.name))
  );
}
