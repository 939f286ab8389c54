import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sourcesId } from '../../bin/sources-id.js';

test('the name of the sources changes with every byte, name, file and package, and with nothing else', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lucy-sources-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const folder of ['src/core', 'commands', 'db', 'build'])
    await mkdir(join(root, folder), { recursive: true });
  const write = (path: string, text: string) => writeFile(join(root, path), text);
  for (const path of ['package.json', 'package-lock.json', 'tsconfig.json']) await write(path, '{}');
  await write('src/core/clock.ts', 'export const a = 1;');
  await write('db/a.ts', '');
  const names = [sourcesId(root)];
  const note = () => names.push(sourcesId(root));

  await utimes(join(root, 'db/a.ts'), 1, 1);
  await write('README.md', 'Lucy');
  expect(sourcesId(root)).toBe(names[0]);

  await write('src/core/clock.ts', 'export const a = 2;');
  note();
  await rename(join(root, 'db/a.ts'), join(root, 'db/b.ts'));
  note();
  await write('commands/new.ts', '');
  note();
  await write('package-lock.json', '{ }');
  note();
  expect(new Set(names).size).toBe(5);
});
