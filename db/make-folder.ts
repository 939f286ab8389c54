import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, one by one: below /proc and its like, where nothing can be made, Node's own
 * `recursive` never comes back (it takes ENOENT for a missing parent, again and again).
 *
 * @throws Error that names the folder, and what to do
 */
export function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw notMade(path, 'it is no folder');
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    // Another process made it at this moment.
    if (code !== 'EEXIST') throw notMade(path, code);
  }
}

function notMade(path: string, why: string): Error {
  return new Error(
    `The folder ${path} could not be made for the database (${why}). Name a folder in DATABASE_URL that may be written to.`,
  );
}
