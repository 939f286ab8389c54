import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { LocalSlack } from '#sandbox/slack/local-slack.ts';
import { startLocalSlack } from '#sandbox/slack/start-local-slack.ts';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import type { LocalStripe } from '#sandbox/stripe/local-stripe-types.ts';
import type { Shown } from './billing-world.ts';
import { freshDatabaseUrl } from './fresh-database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type Ended = { code: number | null; out: string; err: string };

export type RunningLucy = {
  pid: number;
  /** 0 where it opens none. */
  port: number;
  logs: Record<string, unknown>[];
  /** Resolves with its exit code when it ends, by whatever; null when a signal ended it. */
  exited: Promise<number | null>;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
  /** SIGTERM, and how it ended. */
  stop(): Promise<number | null>;
  /** SIGSTOP and SIGCONT: it stands still, and knows nothing of it. */
  pause(): void;
  resume(): void;
};

/** The program as others run it: real processes, real HTTP, a local Slack and a local Stripe on the other side. */
export type ProcessWorld = {
  slack: LocalSlack;
  stripe: LocalStripe;
  databaseUrl: string;
  env: Record<string, string>;
  lucy: RunningLucy | null;
  start(env?: Record<string, string>): Promise<RunningLucy>;
  terminal(args: string[], env?: Record<string, string>): Promise<Ended>;
  show(email: string): Promise<Shown>;
  /** Asks again until it holds, for twenty seconds at most. */
  until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T>;
};

export async function processWorld(
  options: { autoDeliver?: boolean; config?: string; address?: () => string; databaseUrl?: string } = {},
): Promise<ProcessWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-process-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const configPath = join(folder, 'lucy.config.yml');
  await writeFile(
    configPath,
    options.config ?? 'plans:\n  - { lookup_key: pro_monthly, tier: pro, credits_per_period: 500 }\n',
  );
  const databaseUrl = options.databaseUrl ?? (await freshDatabaseUrl());
  const secrets = { botToken: 'xoxb-test', signingSecret: 'test-signing-secret' };
  let port = 9;
  /** Where Slack and Stripe send to: the one process, or whichever of many is named. */
  const address = options.address ?? (() => `http://127.0.0.1:${port}`);
  const slack = await startLocalSlack({
    ...secrets,
    eventsUrl: () => `${address()}/slack/events`,
  });
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_local',
    webhookSecret: 'whsec_local',
    webhookUrl: () => `${address()}/api/billing/webhook`,
    autoDeliver: options.autoDeliver ?? false,
  });
  onTestFinished(async () => {
    await world.lucy?.kill();
    await Promise.all([slack.close(), stripe.close()]);
  });
  const env: Record<string, string> = {
    SLACK_BOT_TOKEN: secrets.botToken,
    SLACK_SIGNING_SECRET: secrets.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    STRIPE_SECRET_KEY: 'sk_test_local',
    STRIPE_WEBHOOK_SECRET: 'whsec_local',
    STRIPE_API_BASE: `${stripe.url}/`,
    DATABASE_URL: databaseUrl,
    LUCY_CONFIG: configPath,
    HOST: '127.0.0.1',
    PORT: '0',
  };
  const world: ProcessWorld = {
    slack,
    stripe,
    databaseUrl,
    env,
    lucy: null,
    async start(more = {}) {
      world.lucy = await startMain({ ...env, ...more });
      port = world.lucy.port;
      return world.lucy;
    },
    terminal: (args, more) =>
      run([join(root, 'bin/start.js'), 'cli', ...args], {
        DATABASE_URL: databaseUrl,
        LUCY_CONFIG: configPath,
        ...more,
      }),
    async show(email) {
      const { out } = await world.terminal(['customer', 'show', email, '--json']);
      return JSON.parse(out);
    },
    async until(ask, holds) {
      const deadline = performance.now() + 20_000;
      for (;;) {
        const value = await ask();
        if (holds(value) || performance.now() > deadline) return value;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
  return world;
}

/**
 * Runs Lucy as `npm start` does (the bundle, where it is of these very sources) until she listens (or, as a worker,
 * works), or says why she did not.
 *
 * @param home where the program lies, when it is not the one that is tested here
 */
export async function startMain(
  env: Record<string, string>,
  args: readonly string[] = [],
  home: string = root,
): Promise<RunningLucy> {
  // Versions before the bundle had nothing but their sources.
  const start = existsSync(join(home, 'bin/start.js')) ? ['bin/start.js', 'main'] : ['src/main.ts'];
  const child = spawn(process.execPath, [...start, ...args], {
    cwd: home,
    env: { ...bareEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logs: Record<string, unknown>[] = [];
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = exitOf(child);
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry: Record<string, unknown> = line.startsWith('{') ? JSON.parse(line) : { msg: line };
      logs.push(entry);
      if (entry.msg === 'listening') resolve(Number(entry.port));
      if (entry.msg === 'started') resolve(0);
    });
    void exited.then((code) =>
      reject(new Error(`Lucy ended with ${code} before she listened: ${JSON.stringify(logs)} ${errors}`)),
    );
  });
  return {
    pid: child.pid ?? 0,
    port,
    logs,
    exited,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}

/** Runs a Node program to its end, without a TTY. */
export async function run(args: string[], env: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...bareEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    ended.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    ended.err += chunk;
  });
  ended.code = await exitOf(child);
  return ended;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

function bareEnv(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    // As `npm start` has it: a process of the hundred that the tests start takes half the CPU until it is there.
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/lucy'),
  };
}
