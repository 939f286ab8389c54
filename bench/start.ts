import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer } from './child.ts';
import { lucyEnv } from './lucy-env.ts';
import { median } from './report.ts';

const ROUNDS = 7;
/** Long enough for what is loaded in the background. */
const IDLE_MS = 3_000;

type Figure = { ms: number; cpuMs: number; rssMb: number };

/**
 * From nothing to `listening` and the memory of doing nothing, against the bare libraries; and what is typed, against
 * Node that does nothing (F). The bundle is made first, and the sources are measured beside it.
 */
export async function benchStart(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  try {
    // Slack is away, the database is there already: a start, not a first start.
    const env = lucyEnv(`sqlite:${join(folder, 'lucy.db')}`, 'http://127.0.0.1:9/api/');
    execFileSync(process.execPath, ['build/bundle.ts'], { stdio: 'ignore' });
    await startFigure(['bin/start.js', 'main'], env, 0);
    const { DATABASE_URL = '' } = env;
    const rows: Record<string, Figure[]> = {
      floor: [],
      lucy: [],
      sources: [],
      bare: [],
      help: [],
      typed: [],
    };
    for (let round = 0; round < ROUNDS; round++) {
      rows.floor?.push(await startFigure(['bench/start-floor.ts'], {}, IDLE_MS));
      rows.lucy?.push(await startFigure(['bin/start.js', 'main'], env, IDLE_MS));
      rows.sources?.push(await startFigure(['src/main.ts'], env, IDLE_MS));
      rows.bare?.push(await runFigure(['-e', '0']));
      rows.help?.push(await runFigure(['bin/start.js', 'cli', '--help']));
      rows.typed?.push(await runFigure(['bin/start.js', 'cli', 'whoami'], { DATABASE_URL }));
    }
    const line = (name: string, key: string) => {
      const shown = (pick: (figure: Figure) => number) => median((rows[key] ?? []).map(pick)).toFixed(0);
      return `| ${name} | ${shown((figure) => figure.ms)} | ${shown((figure) => figure.cpuMs)} | ${shown((figure) => figure.rssMb)} |`;
    };
    return [
      '## Start and idle memory',
      '',
      `${ROUNDS} interleaved rounds on ${cpus().length} cores, Node ${process.version}, SQLite.`,
      '',
      '| program | ms | CPU ms | MB |',
      '| --- | --- | --- | --- |',
      line('floor: the libraries bare, until a port is open', 'floor'),
      line('Lucy, until `listening`', 'lucy'),
      line('the same from the sources', 'sources'),
      line('floor: Node, doing nothing', 'bare'),
      line('`lucy --help`', 'help'),
      line('`lucy whoami`', 'typed'),
      '',
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startFigure(args: string[], env: Record<string, string>, idleMs: number): Promise<Figure> {
  const since = performance.now();
  const server = await startServer(args, env);
  const ms = performance.now() - since;
  const cpuMs = await server.cpuMs();
  await pause(idleMs);
  const rssMb = await server.rssMb();
  await server.stop();
  return { ms, cpuMs, rssMb };
}

/** A program that ends by itself says at its end what it took. */
async function runFigure(args: string[], env: Record<string, string> = {}): Promise<Figure> {
  const tell =
    "process.on('exit', () => { const u = process.cpuUsage(); process.stderr.write(JSON.stringify({ cpuMs: (u.user + u.system) / 1000, rssMb: process.memoryUsage.rss() / 2 ** 20 })); });";
  const since = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(tell)}`, ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await once(child, 'close');
  return { ms: performance.now() - since, ...JSON.parse(said) };
}
