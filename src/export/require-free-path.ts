import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '#src/core/errors.ts';

/** Refuses a file that is there already, and a folder that takes none. */
export async function requireFreePath(path: string): Promise<void> {
  if (await holds(stat(path)))
    throw new UserError(
      'conflict',
      `${path} is there already and was left as it is.`,
      'Choose another name.',
    );
  const isFolder = await stat(dirname(path)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder || !(await holds(access(dirname(path), constants.W_OK))))
    throw new UserError(
      'unavailable',
      `${path} could not be written.`,
      'Choose a folder that exists and that you may write to.',
    );
}

async function holds(asked: Promise<unknown>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  );
}
