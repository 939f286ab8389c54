import { existsSync } from 'node:fs';
import { readdir, readlink, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { countOtherSessions } from '#db/backup-postgres.ts';
import { intoOneFile, isSqliteFree, sqliteFileOf } from '#db/backup-sqlite.ts';
import type { Database } from '#db/connection.ts';
import { readInstallation } from '#db/installation.ts';
import { isUnknownOrEmpty } from '#db/pending-migrations.ts';
import { insertRestore, type RestoreRow } from '#db/restores.ts';
import type { Cause } from '#src/core/cause.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { checkRestored, findWrongs } from './check-restored.ts';
import { type BackupDeps, backupFolder } from './deps.ts';
import { requireTools, restoreBeside, type Scratch } from './engine.ts';
import { keepOffline } from './keep-offline.ts';
import { findLostActs } from './lost-acts.ts';
import { readManifest, settleFile, sumOf } from './manifest.ts';
import { mark, unmark } from './marker.ts';
import { newRestore } from './new-restore.ts';
import { prepareRestored } from './prepare.ts';
import { requireHere } from './prove.ts';
import { findDamage } from './require-sound.ts';
import type { RestoreFacts } from './restore-facts.ts';

type Deps = Pick<BackupDeps, 'database' | 'settings' | 'clock'> & { mode: BackupDeps['mode'] | null };

/**
 * Restores a file while no service runs: for a database that is damaged, lost or newer, so that neither it nor anybody’s
 * approval in it can be asked. What was there is kept: the file beside it, or a backup. The next start opens it, catches up and reports.
 *
 * @throws UserError when somebody uses the database, it is sound, or the file is bad: nothing was changed
 */
export async function restoreOffline(
  deps: Deps,
  cause: Cause,
  path: string,
  report: (sentence: string) => void,
): Promise<{ row: RestoreRow; facts: RestoreFacts; kept: string | null }> {
  const file = resolve(path);
  await requireHere(file);
  await requireTools(deps);
  await requireNobody(deps.database);
  report('Looking at the present database');
  await requireUnfit(deps, cause.now);
  report('Reading the file');
  const known = await readManifest(file);
  if (known && (await sumOf(file)).sha256 !== known.sha256)
    throw badFile(file, 'it is not the one that was written: its checksum differs.');
  const reachedAt = known?.reachedAt ?? cause.now;
  const row = newRestore(cause, { kind: 'restore', backupId: known?.id ?? 'a file', file, reachedAt });
  report('Restoring it beside the present database');
  const folder =
    deps.database.engine === 'sqlite' ? dirname(resolve(sqliteFileOf(deps.database.knex))) : dirname(file);
  const scratch = await restoreBeside(deps, file, folder, `lucy_${row.id}`).catch((error: unknown) => {
    throw error instanceof UserError ? error : badFile(file, errorMessage(error));
  });
  try {
    report('Checking balances and audit');
    const proof = await checkRestored(scratch.database, cause.now).catch((error: unknown) => ({
      problems: [errorMessage(error)],
      facts: null,
    }));
    if (proof.problems.length > 0 || !proof.facts) throw badFile(file, proof.problems.join(' '));
    const { knex } = deps.database;
    const lost = isThere(deps.database)
      ? await findLostActs(knex, proof.facts.auditId).catch(() => undefined)
      : undefined;
    const mode = deps.mode ?? (await modeOf(scratch.database));
    const about = { row, cause, folder: backupFolder(deps.settings, knex) };
    const ready = await prepareRestored({ ...deps, mode }, scratch.database, null, about);
    if (deps.database.engine === 'postgres') report('Keeping a copy of what is there now');
    const safety = deps.database.engine === 'postgres' ? await keepOffline(deps, cause.actor.name) : null;
    const facts: RestoreFacts = {
      holds: proof.facts,
      ...(safety ? { safety } : {}),
      ...(lost ? { lost } : {}),
      ...ready,
      closedAt: cause.now,
    };
    await insertRestore(scratch.database.knex, { ...row, step: 'swapped', facts: JSON.stringify(facts) });
    report('Putting it in place');
    const kept = await putInPlace(deps, scratch, file);
    return { row, facts, kept: safety?.file ?? kept };
  } finally {
    await scratch.dispose();
  }
}

async function modeOf({ knex }: Database): Promise<BackupDeps['mode']> {
  return (await readInstallation(knex, 'stripe_mode')) === 'live' ? 'live' : 'test';
}

function badFile(file: string, why: string): UserError {
  return new UserError(
    'conflict',
    `${file} is bad, so nothing was replaced: ${why}`,
    'Take an older backup.',
  );
}

/** Two at one database while a file is moved is how data are lost. */
async function requireNobody(database: Database): Promise<void> {
  const isUsed =
    database.engine === 'postgres'
      ? (await countOtherSessions(database.knex)) > 0
      : await isFileUsed(resolve(sqliteFileOf(database.knex)));
  if (isUsed)
    throw new UserError(
      'conflict',
      'Another process has the database open, so nothing was replaced.',
      'Stop Lucy’s service on all machines first. While it runs, restore with: backup restore',
    );
}

async function isFileUsed(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  if (await isOpenElsewhere(file)) return true;
  return (await isSqliteFree(file)) === false;
}

/** Linux says who has a file open, damaged or not; elsewhere SQLite’s own lock has to do. */
async function isOpenElsewhere(file: string): Promise<boolean> {
  const processes = await readdir('/proc').catch(() => []);
  for (const id of processes.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const open = await readdir(join('/proc', id, 'fd')).catch(() => []);
    for (const descriptor of open) {
      const target = await readlink(join('/proc', id, 'fd', descriptor)).catch(() => '');
      if (target === file) return true;
    }
  }
  return false;
}

/** A sound database is replaced only with a second person’s yes, which can be asked in it. */
async function requireUnfit({ database }: Deps, now: number): Promise<void> {
  if (!isThere(database) || (database.engine === 'sqlite' && (await findDamage(database)) !== null)) return;
  if ((await isUnknownOrEmpty(database)) || (await findWrongs(database, now)).length > 0) return;
  throw new UserError(
    'refused',
    'The present database is sound, so going back to a file needs a second person’s yes.',
    'Ask for it: npx lucy backup restore --reason "…", have it approved (npx lucy approval approve), and carry it out: npx lucy backup restore --resume --reason "…"',
  );
}

/** To open a SQLite file that is not there would make one. */
function isThere(database: Database): boolean {
  return database.engine === 'postgres' || existsSync(sqliteFileOf(database.knex));
}

/** Returns where a SQLite file that was there before lies now. */
async function putInPlace(deps: Deps, scratch: Scratch, backupFile: string): Promise<string | null> {
  const { database, clock } = deps;
  if (database.engine === 'postgres') {
    await scratch.swapIn();
    return null;
  }
  const target = resolve(sqliteFileOf(database.knex));
  const restored = sqliteFileOf(scratch.database.knex);
  await scratch.database.close();
  await intoOneFile(restored);
  await database.close();
  const stamp = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const kept = `${target}.before-${stamp}`;
  // From here until the end a start is refused: a new file with an old journal beside it would be the worst of both.
  await mark(target, backupFile);
  for (const ending of ['-wal', '-shm', ''])
    if (existsSync(target + ending)) await rename(target + ending, kept + ending);
  await settleFile(restored, target, dirname(target));
  await unmark(target);
  return existsSync(kept) ? kept : null;
}
