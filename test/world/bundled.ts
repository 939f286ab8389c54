import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const parts = ['bin', 'build', 'commands', 'db', 'migrations', 'src'];
const files = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** What a bundle says besides, so that a test sees that it was the bundle. */
export const MARK = 'from the bundle';

/** A checkout of its own, with these sources and packages, and the bundle that `npm run build` makes of them. */
export async function layOutBundled(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'lucy-bundled-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  for (const part of [...parts, ...files]) await cp(join(root, part), join(home, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(home, 'node_modules'));
  await promisify(execFile)(process.execPath, ['build/bundle.ts'], { cwd: home });
  const [bundle = ''] = await readdir(join(home, 'dist'));
  const say = `process.stdout.write('${JSON.stringify({ msg: MARK })}\\n');\n`;
  for (const program of ['main.js', 'cli.js']) await appendFile(join(home, 'dist', bundle, program), say);
  return home;
}
