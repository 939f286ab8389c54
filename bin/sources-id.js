import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a bundle is made of. Migrations are no part of it: they stay files, because a database knows them by their names. */
const folders = ['src', 'commands', 'db', 'build'];
const files = ['package.json', 'package-lock.json', 'tsconfig.json'];

/**
 * The name of these very sources: another byte, another name. By content, because times lie: a checkout, a copy or a
 * restored folder can bring another text at the same time and of the same size.
 *
 * @param {string} root
 * @returns {string}
 */
export function sourcesId(root) {
  const hash = createHash('sha256');
  for (const path of [...folders.flatMap((folder) => listFiles(join(root, folder))), ...files.map(inRoot)]) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 20);

  /** @param {string} name */
  function inRoot(name) {
    return join(root, name);
  }
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listFiles(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return names.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}
