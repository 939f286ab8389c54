import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { flagOf } from '#src/runner/parse-line.ts';
import { helpFor } from '#src/terminal/help-text.ts';
import { freshDatabaseUrl } from '#test/world/fresh-database.ts';

const bin = fileURLToPath(new URL('../../../bin/lucy', import.meta.url));
const grant = ['credits', 'grant', 'sofia@firm.com', '100', '--reason', 'lost upload', '--yes'];

/** A folder far from the repository, with a symlink to `bin/lucy` in it, and what it prints there. */
async function elsewhere(config?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-elsewhere-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(bin, join(folder, 'lucy-link'));
  if (config !== undefined) await writeFile(join(folder, 'lucy.config.yml'), config);
  const type = (args: string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
      const child = spawn(join(folder, 'lucy-link'), args, {
        cwd: folder,
        env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = { out: '', err: '' };
      child.stdout.on('data', (chunk) => {
        said.out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        said.err += chunk;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, ...said }));
    });
  return { folder, type };
}

test('through a symlink and from another directory: done 0, failed 1, usage 2, not found 5', async () => {
  const { type } = await elsewhere();
  const env = { DATABASE_URL: await freshDatabaseUrl() };
  await type(['customer', 'add', 'sofia@firm.com', '--reason', 'new account', '--yes'], env);

  const done = await type(grant, env);
  const failed = await type(
    ['credits', 'consume', 'sofia@firm.com', '101', '--reason', 'too much', '--yes'],
    env,
  );
  const usage = await type(['credits', 'grant', 'sofia@firm.com', '100'], env);
  const missing = await type(['customer', 'show', 'nobody@firm.com'], env);

  expect([done, failed, usage, missing].map(({ code }) => code)).toEqual([0, 1, 2, 5]);
  expect(done.out).toContain('100 credits granted to sofia@firm.com.');
  expect(missing.err).toContain('There is no customer nobody@firm.com.');
});

test('with people configured a login that nobody has is refused with 3; a known one has their roles', async () => {
  const people = (terminal: string) =>
    `people: { ada: { name: Ada, terminal: ${terminal}, roles: [support] } }`;
  const env = { DATABASE_URL: await freshDatabaseUrl() };
  const stranger = await elsewhere(people('somebody-else'));
  const known = await elsewhere(people(userInfo().username));

  const refused = await stranger.type(['whoami'], env);
  const told = await known.type(['whoami', '--json'], env);

  expect(refused.code).toBe(3);
  expect(refused.err).toContain('is nobody under people: in lucy.config.yml.');
  expect(JSON.parse(told.out)).toMatchObject({ name: 'Ada', person: 'ada', roles: [{ role: 'support' }] });
});

test('help opens no database and reads no settings', async () => {
  const { type, folder } = await elsewhere('nonsense: [');
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };

  const all = await type(['--help'], env);
  const one = await type(['tier', 'set', '--help'], env);

  expect([all.code, one.code]).toEqual([0, 0]);
  expect(all.out).toContain('Usage: lucy NOUN VERB');
  expect(one.out).toContain('Usage: lucy tier set EMAIL TIER --reason …');
  expect((await readdir(folder)).sort()).toEqual(['lucy-link', 'lucy.config.yml']);
});

test('a database that does not answer is a sentence without its password, and JSON where JSON was asked for', async () => {
  const { type } = await elsewhere();
  const env = { DATABASE_URL: 'postgres://lucy:hunter2@127.0.0.1:9/none' };

  const said = await type(['whoami'], env);
  const json = await type(['whoami', '--json'], env);

  expect([said.code, json.code]).toEqual([1, 1]);
  expect(said.err).toContain('Lucy cannot use the database postgres://lucy:…@127.0.0.1:9/none');
  expect(said.err + said.out + json.out).not.toContain('hunter2');
  expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'unavailable' } });
});

test('every command has its help, with usage, every flag and an example', () => {
  for (const command of commands) {
    const help = helpFor(commands, [...command.name.split(' '), '--help']) ?? '';

    expect(help, command.name).toContain(`Usage: lucy ${command.name}`);
    for (const name of Object.keys(command.input.shape))
      expect(help, command.name).toContain(`--${flagOf(name)}`);
    expect(help, command.name).toContain(`lucy ${command.examples[0]}`);
  }
});

test('it tells its version', async () => {
  const { type } = await elsewhere();
  expect((await type(['--version'])).out).toMatch(/^Lucy \d+\.\d+\.\d+\n$/);
});
