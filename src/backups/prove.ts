import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BackupRow } from '#db/backups.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { checkAside } from './check-aside.ts';
import type { Proof } from './check-restored.ts';
import type { BackupDeps } from './deps.ts';
import { restoreBeside, type Scratch } from './engine.ts';
import { sumOf } from './manifest.ts';
import { folderTrouble } from './write.ts';

type Deps = Pick<BackupDeps, 'database' | 'settings' | 'clock'>;
type About = Pick<BackupRow, 'id' | 'sha256'> & { file: string };

/**
 * Proves a backup by restoring it beside the living database, and throws the copy away.
 *
 * @throws UserError when it could not be looked at, which says nothing about the backup
 */
export async function proveBackup(
  deps: Deps,
  about: About,
  report: (sentence: string) => void = () => {},
): Promise<Proof> {
  const found = await withRestored(
    deps,
    about,
    `lucy_check_${about.id}`,
    report,
    async (_scratch, proof) => proof,
  );
  return found.restored ?? { problems: found.problems, facts: null };
}

/** Restores it beside the living database, checks it, and lets `work` have it before it is taken away. */
export async function withRestored<T>(
  deps: Deps,
  about: About,
  name: string,
  report: (sentence: string) => void,
  work: (scratch: Scratch, proof: Proof) => Promise<T>,
): Promise<{ restored: T; problems: string[] } | { restored: null; problems: string[] }> {
  await requireHere(about.file);
  report('Reading the file');
  const { sha256 } = await sumOf(about.file);
  if (about.sha256 !== null && sha256 !== about.sha256)
    return { restored: null, problems: ['The file is not the one that was written: its checksum differs.'] };
  report('Restoring it beside the living database');
  let scratch: Scratch;
  try {
    scratch = await restoreBeside(deps, about.file, dirname(about.file), name);
  } catch (error) {
    const told = error instanceof UserError ? error : folderTrouble(error, dirname(about.file));
    if (told) throw told;
    return { restored: null, problems: [`It cannot be restored: ${errorMessage(error)}`] };
  }
  try {
    report('Checking balances and audit');
    const proof = await checkAside(scratch.database, deps.clock.now()).catch(
      (error: unknown): Proof => ({
        problems: [`It cannot be read through: ${errorMessage(error)}`],
        facts: null,
      }),
    );
    return { restored: await work(scratch, proof), problems: proof.problems };
  } finally {
    await scratch.dispose();
  }
}

export async function requireHere(file: string): Promise<void> {
  const isHere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isHere)
    throw new UserError(
      'unavailable',
      `${file} is not on this machine.`,
      'Look where it was made, or mount its folder here; “backup list” shows the others.',
    );
}
