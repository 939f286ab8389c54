import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Arrows point down only (DESIGN section 1). A type-only import is an arrow too. */
const root = fileURLToPath(new URL('../..', import.meta.url));

const surfaces = ['slack', 'terminal', 'http', 'webhooks', 'jobs'];

/** Height of a file's layer; equal heights may import each other unless they are doors or surfaces. */
function layerOf(path: string): { height: number; name: string } {
  const [top = '', second = ''] = path.split('/');
  if (top === 'migrations') return { height: 0, name: 'migrations' };
  if (top === 'db') return { height: 1, name: 'db' };
  if (top === 'commands') return { height: 4, name: 'commands' };
  if (top !== 'src') return { height: 9, name: top };
  if (second.endsWith('.ts')) return { height: 6, name: 'entries' };
  if (second === 'core') return { height: 0, name: 'core' };
  if (second === 'gateways') return { height: 1, name: 'gateways' };
  if (second === 'runner') return { height: 3, name: 'runner' };
  if (surfaces.includes(second)) return { height: 5, name: second };
  return { height: 2, name: second };
}

type Import = { from: string; to: string; isPackage: boolean };

const files = ['src', 'commands', 'db', 'migrations', 'sandbox', 'bench'].flatMap((folder) =>
  listFiles(join(root, folder)),
);
const imports = files.flatMap(readImports);

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => relative(root, join(folder, name)));
}

function readImports(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[1] ?? match[2] ?? '';
    if (name.startsWith('#')) return { from, to: name.slice(1), isPackage: false };
    if (name.startsWith('.'))
      return { from, to: relative(root, join(root, dirname(from), name)), isPackage: false };
    return { from, to: name, isPackage: true };
  });
}

const inner = imports.filter((entry) => !entry.isPackage);
const show = (entry: Import) => `${entry.from} -> ${entry.to}`;

test('the check sees the tree', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(inner.length).toBeGreaterThan(300);
});

test('imports point down', () => {
  const wrong = inner.filter((entry) => {
    const from = layerOf(entry.from);
    const to = layerOf(entry.to);
    return from.height < 9 && to.height > from.height;
  });
  expect(wrong.map(show)).toEqual([]);
});

test('doors do not know each other, and surfaces neither', () => {
  const wrong = inner.filter((entry) => {
    const from = layerOf(entry.from);
    const to = layerOf(entry.to);
    return from.height === to.height && (from.height === 1 || from.height === 5) && from.name !== to.name;
  });
  expect(wrong.map(show)).toEqual([]);
});

test('domain folders form no cycle', () => {
  const edges = new Map<string, Set<string>>();
  for (const entry of inner) {
    const from = layerOf(entry.from);
    const to = layerOf(entry.to);
    if (from.height !== 2 || to.height !== 2 || from.name === to.name) continue;
    edges.set(from.name, (edges.get(from.name) ?? new Set()).add(to.name));
  }
  const reaches = (start: string, goal: string, seen = new Set<string>()): boolean =>
    [...(edges.get(start) ?? [])].some(
      (next) => next === goal || (!seen.has(next) && reaches(next, goal, seen.add(next))),
    );
  expect([...edges.keys()].filter((name) => reaches(name, name))).toEqual([]);
});

test('the program never imports the sandbox, the tests or the bench', () => {
  const wrong = inner.filter(
    (entry) => layerOf(entry.from).height < 9 && /^(sandbox|test|bench)\//.test(entry.to),
  );
  expect(wrong.map(show)).toEqual([]);
});

test.each([
  ['@slack/', /^src\/slack\//],
  ['stripe', /^src\/(gateways|webhooks)\//],
  ['knex', /^(db|migrations)\//],
  ['better-sqlite3', /^db\/(sqlite-client|checkpoint-thread)\.ts$/],
  ['pg', /^db\//],
  ['pino', /^src\/core\/log\.ts$/],
])('%s is imported only where it belongs', (name, allowed) => {
  const isIt = (to: string) =>
    name.endsWith('/') ? to.startsWith(name) : to === name || to.startsWith(`${name}/`);
  const wrong = imports.filter(
    (entry) =>
      entry.isPackage && isIt(entry.to) && layerOf(entry.from).height < 9 && !allowed.test(entry.from),
  );
  expect(wrong.map(show)).toEqual([]);
});

test.each([
  [
    'process.env',
    /process\.env/,
    /^src\/(config|main|cli)\.ts$/,
    'read settings in src/config.ts and pass them on',
  ],
  ['Date.now()', /Date\.now\(\)|new Date\(\)/, /^src\/core\/clock\.ts$/, 'ask the clock'],
  ['console', /\bconsole\./, /^$/, 'write through the log, or the terminal'],
  ['raw SQL with text put into it', /\.raw\(`[^`]*\$\{(?!name\}|act\})/, /^$/, 'bind values with ?'],
])('%s stands only where it may: otherwise %s', (_name, pattern, allowed) => {
  const wrong = files.filter(
    (path) =>
      layerOf(path).height < 9 && !allowed.test(path) && pattern.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(wrong).toEqual([]);
});

test('files stay small: median at most 80 lines, none over 250', () => {
  const sizes = files
    .filter((path) => !path.startsWith('bench/'))
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length }));
  const sorted = sizes.map((entry) => entry.lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(80);
  expect(sizes.filter((entry) => entry.lines > 250)).toEqual([]);
});
