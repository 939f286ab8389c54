import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';

/** A Redis of the test's own, which can be flushed, killed, paused and started again. */
export type TestRedis = {
  url: string;
  port: number;
  /** What a process needs to reach it: with TLS, who vouches for its certificate. */
  env: Record<string, string>;
  /** Runs a command as an outsider: `say('FLUSHALL')`. */
  say(command: string, ...args: string[]): Promise<unknown>;
  /** SIGKILL: without persistence, everything in it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP: it takes connections and answers nobody. */
  pause(): void;
  resume(): void;
};

/** Where `redis-server` is not in the PATH, tests with Redis are skipped, each by its name, and loudly. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis)
  process.stderr.write(
    '\nNOT RUN: every test with Redis. Install redis-server, so that it is in the PATH.\n\n',
  );

/** Some builds of Redis know no TLS: such a one stumbles over the first line already. */
function knowsTls(): boolean {
  const { stdout, stderr } = spawnSync('redis-server', ['-'], { input: 'tls-port 1\nno-such-directive\n' });
  const isBuiltWith = `${stdout}${stderr}`.includes("'no-such-directive'");
  if (!isBuiltWith)
    process.stderr.write('\nNOT RUN: Redis over TLS. This redis-server is built without it.\n\n');
  return isBuiltWith;
}

type RedisOptions = { args?: string[]; password?: string; tls?: boolean };

/** @param options `tls`: reached by `rediss://` alone, where this redis-server can */
export async function testRedis(options: RedisOptions = {}): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-redis-'));
  const port = await freePort();
  const { password } = options;
  const tls = options.tls && knowsTls() ? makeCertificate(folder) : null;
  const url = `${tls ? 'rediss' : 'redis'}://${password ? `:${password}@` : ''}127.0.0.1:${port}`;
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const listens = tls ? ['--port', '0', '--tls-port', String(port), ...tls.args] : ['--port', String(port)];
    const args = [...listens, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const secret = password ? ['--requirepass', password] : [];
    const started = spawn('redis-server', [...args, ...secret, ...(options.args ?? [])], {
      cwd: folder,
      stdio: 'ignore',
    });
    server = started;
    while (started.exitCode === null) {
      if (await answers(url, tls?.ca)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`redis-server ended with ${started.exitCode}`);
  }

  async function kill(): Promise<void> {
    const killed = server;
    server = null;
    if (killed?.exitCode !== null || killed === null) return;
    const gone = new Promise((resolve) => killed.once('exit', resolve));
    killed.kill('SIGKILL');
    await gone;
  }

  await start();
  onTestFinished(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    url,
    port,
    env: tls ? { NODE_EXTRA_CA_CERTS: tls.certificate } : {},
    say: (command, ...args) => once(url, tls?.ca, (redis) => redis.call(command, ...args)),
    kill,
    start,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
  };
}

type Certificate = { certificate: string; ca: Buffer; args: string[] };

/** Signed by itself, and so its own CA. */
function makeCertificate(folder: string): Certificate {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=redis of the tests', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
  return { certificate, ca: readFileSync(certificate), args: [...files, '--tls-auth-clients', 'no'] };
}

async function once<T>(url: string, ca: Buffer | undefined, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    ...(ca ? { tls: { ca } } : {}),
  });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

async function answers(url: string, ca: Buffer | undefined): Promise<boolean> {
  return once(url, ca, (redis) => redis.ping()).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
