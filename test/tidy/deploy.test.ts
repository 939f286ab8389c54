import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readRole } from '#src/role.ts';
import {
  copiedInto,
  healthCommand,
  readCompose,
  readDockerfile,
  readRoot,
  readUnit,
} from '#test/world/deploy-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const config = readRoot('src/config.ts');
const drainSeconds =
  Number(/const DRAIN_MS = ([\d_]+)/.exec(readRoot('src/main.ts'))?.[1]?.replace('_', '')) / 1_000;
/** Names that are not Lucy's own. */
const foreign =
  /^(NODE_ENV|NODE_COMPILE_CACHE|NODE_EXTRA_CA_CERTS|NODE_OPTIONS|PATH|POSTGRES_\w+|LUCY_PORT)$/;
const isKnown = (name: string) =>
  foreign.test(name) || config.includes(`'${name}'`) || config.includes(`${name}:`);

test('the image: Node as the package demands it, nobody’s root, a check of /health, SIGTERM handed on', () => {
  const all = readDockerfile();
  const wordsOf = (name: string) => all.filter((one) => one.name === name).map(({ words }) => words);
  const engine = /(\d+)/.exec(JSON.parse(readRoot('package.json')).engines.node)?.[1];

  expect(wordsOf('FROM').every((from) => from.startsWith(`node:${engine}-`))).toBe(true);
  expect(wordsOf('USER')).toEqual(['node']);
  expect(all.findIndex(({ name }) => name === 'USER')).toBeLessThan(
    all.findIndex(({ name }) => name === 'CMD'),
  );
  expect(healthCommand().join(' ')).toContain('/health');
  expect(wordsOf('ENTRYPOINT')).toEqual(['["tini", "--"]']);
  const [, program = '', name] = JSON.parse(wordsOf('CMD')[0] ?? '[]') as string[];
  expect(existsSync(join(root, program))).toBe(true);
  expect(existsSync(join(root, `src/${name}.ts`))).toBe(true);
  expect(wordsOf('RUN').join(' ')).toContain('tini');
  const variables = wordsOf('ENV').flatMap((words) =>
    [...words.matchAll(/(?<=^| )(\w+)=/g)].map(([, name = '']) => name),
  );
  expect(variables.filter((name) => !isKnown(name))).toEqual([]);
  expect(wordsOf('EXPOSE')).toEqual(['3000']);
});

test('what the image takes is there, may come in past .dockerignore, and nothing else does', () => {
  const taken = [...copiedInto('packages'), ...copiedInto('bundle'), ...copiedInto()].map(([from]) => from);
  const allowed = readRoot('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));

  expect(taken.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect([...new Set(taken)].sort()).toEqual(allowed.sort());
  expect(readRoot('.dockerignore').split('\n')).toContain('*');
});

test('compose: both roles, a migration that runs first, stores that forget nothing, and no secret', () => {
  const { services, volumes } = readCompose();
  const roles = ['web', 'worker'].map((name) => readRole(services[name]?.command?.slice(3) ?? []));
  expect(roles).toEqual(['web', 'worker']);
  expect(services.migrate?.command).toEqual(['lucy', 'db', 'migrate']);
  expect(readRoot('src/db-commands.ts')).toContain("argv[0] === 'migrate'");

  for (const name of ['web', 'worker']) {
    const service = services[name];
    expect(service?.depends_on).toEqual({
      migrate: { condition: 'service_completed_successfully' },
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
    expect(Number.parseInt(service?.stop_grace_period ?? '', 10)).toBeGreaterThan(drainSeconds);
    expect(Object.keys(service?.environment ?? {}).filter((variable) => !isKnown(variable))).toEqual([]);
  }
  for (const { depends_on } of Object.values(services))
    expect(Object.keys(depends_on ?? {}).filter((name) => !(name in services))).toEqual([]);
  expect(services.redis?.command?.join(' ')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
  expect(services.postgres?.healthcheck?.test).toContain('pg_isready');
  expect(services.redis?.healthcheck?.test).toContain('ping');
  const named = Object.values(services).flatMap((service) => service.volumes ?? []);
  const own = named.map((volume) => volume.split(':')[0] ?? '').filter((volume) => !volume.startsWith('.'));
  expect(own.filter((volume) => !(volume in volumes))).toEqual([]);
  expect(services.web?.ports?.[0]).toMatch(/:3000$/);
  // pg_dump must not be older than the server.
  const server = /postgres:(\d+)/.exec(services.postgres?.image ?? '')?.[1];
  expect(readRoot('Dockerfile')).toContain(`postgresql-client-${server}`);
  expect(readRoot('compose.yml')).not.toMatch(/xoxb-|sk_(live|test)|whsec_|PASSWORD: [^$]/);
});

test('the systemd unit restarts, drains, and may do little', async () => {
  const unit = readUnit();
  const value = (name: string) => unit.find((line) => line.name === name)?.value;

  expect(value('Restart')).toBe('always');
  expect(value('KillSignal')).toBe('SIGTERM');
  expect(Number(value('TimeoutStopSec'))).toBeGreaterThan(drainSeconds);
  expect(value('NoNewPrivileges')).toBe('yes');
  expect(value('ProtectSystem')).toBe('strict');
  expect(value('StateDirectory')).toBe('lucy');
  expect(value('RestartPreventExitStatus')).toBe('78');
  const [program = '', script = '', name] = value('ExecStart')?.split(' ') ?? [];
  expect(existsSync(join(root, program.replace('/opt/lucy/', '')))).toBe(true);
  expect(existsSync(join(root, script))).toBe(true);
  expect(existsSync(join(root, `src/${name}.ts`))).toBe(true);
  const variables = unit
    .filter(({ name }) => name === 'Environment')
    .map((line) => line.value.split('=')[0] ?? '');
  expect(variables.filter((name) => !isKnown(name))).toEqual([]);
});

test('however she is started, the newest objects have a bound that this Node knows, and the soak is taken with it', async () => {
  const options = readUnit().find(({ value }) => value.startsWith('NODE_OPTIONS='))?.value;
  const bound = options?.slice('NODE_OPTIONS='.length) ?? '';

  expect(bound).toMatch(/^--max-semi-space-size=\d+$/);
  expect(
    readDockerfile()
      .findLast(({ name }) => name === 'ENV')
      ?.words.split(' '),
  ).toContain(options);
  expect(readRoot('bench/as-deployed.ts')).toContain(`'${bound}'`);
  expect(JSON.parse(readRoot('package.json')).scripts.start).toBe(`exec node ${bound} bin/start.js main`);
  // An option that Node does not allow there would end every start.
  const env = { ...process.env, NODE_OPTIONS: bound };
  const program = 'process.stdout.write(process.env.NODE_OPTIONS)';
  expect((await promisify(execFile)(process.execPath, ['-e', program], { env })).stdout).toBe(bound);
});

test.skipIf(!existsSync('/usr/bin/systemd-analyze'))(
  'systemd itself finds nothing wrong with the unit',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lucy-unit-'));
    const path = join(folder, 'lucy.service');
    // There is no /opt/lucy here; everything else is looked at as it is.
    const here = readRoot('deploy/lucy.service').replace(
      '/opt/lucy/node_modules/.bin/node',
      process.execPath,
    );
    await writeFile(path, here);
    const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', path]);
    await rm(folder, { recursive: true, force: true });

    expect(stderr.split('\n').filter((line) => line.includes('lucy.service'))).toEqual([]);
  },
);

test('what the pages on running Lucy name is there', () => {
  const pages = ['docs/deploy.md', 'docs/scaling.md'].map(readRoot).join('\n');
  const paths = [...pages.matchAll(/`((?:src|db|docs|deploy|bench|test|bin|migrations)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);

  const scripts = Object.keys(JSON.parse(readRoot('package.json')).scripts);
  const run = [...pages.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(run.filter((name) => !scripts.includes(name))).toEqual([]);

  const variables = [...pages.matchAll(/`([A-Z][A-Z_]{3,})(?:=[^`]*)?`/g)].map(([, name = '']) => name);
  expect(variables.length).toBeGreaterThan(3);
  expect(
    variables.filter(
      (name) =>
        !isKnown(name) && !/^(SIGTERM|SIGKILL|NEW_DATABASE_URL|LUCY_KILL_EVERY|BENCH_\w+)$/.test(name),
    ),
  ).toEqual([]);

  const settings = [...pages.matchAll(/`(workers\.\w+)`/g)].map(([, name = '']) => name.split('.')[1] ?? '');
  expect(settings.length).toBeGreaterThan(1);
  const known = readRoot('src/core/settings-workers.ts');
  expect(settings.filter((name) => !known.includes(`${name}:`))).toEqual([]);
});
