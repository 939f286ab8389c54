import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
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

export async function testRedis(options: { args?: string[]; password?: string } = {}): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-redis-'));
  const port = await freePort();
  const { password } = options;
  const url = `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`;
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const secret = password ? ['--requirepass', password] : [];
    const started = spawn('redis-server', [...args, ...secret, ...(options.args ?? [])], {
      cwd: folder,
      stdio: 'ignore',
    });
    server = started;
    while (started.exitCode === null) {
      if (await answers(url)) return;
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
    say: (command, ...args) => once(url, (redis) => redis.call(command, ...args)),
    kill,
    start,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
  };
}

async function once<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

async function answers(url: string): Promise<boolean> {
  return once(url, (redis) => redis.ping()).then(
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
