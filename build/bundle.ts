import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { commands } from '#commands/index.ts';
import { pagesOf } from '#src/terminal/help-text.ts';
import { sourcesId } from '../bin/sources-id.js';
import { ownSources } from './own-sources.ts';
import { packagesWhenUsed } from './packages-when-used.ts';
import { shortMap } from './short-map.ts';

/**
 * Makes `dist/ID/` of the sources and of the packages that they use (decision 0026); ID is the sources’ own name, and
 * bin/start.js takes the bundle whose name is that of the sources beside it.
 */
const programs = ['src/main.ts', 'src/cli.ts'];
const threads = [
  'db/checkpoint-thread.ts',
  'src/backups/check-thread.ts',
  'src/documents/pdf-thread.ts',
  'src/pictures/chart-thread.ts',
];
/** Packages with a binary or files of their own beside their code, and what is loaded in a thread or with a setting only. */
const packagesApart = ['@resvg/resvg-js', '@sentry/node', 'better-sqlite3', 'pdfkit', 'vega', 'vega-lite'];
/** What Bolt loads and Lucy does not use, or only in Socket Mode. */
const packagesSeldomUsed = ['@slack/oauth', '@slack/socket-mode', 'express'];
/** What knex and pg would load for databases that Lucy does not speak to. */
const packagesNeverLoaded =
  /^(sqlite3|mysql|mysql2|mariadb|oracledb|tedious|pg-native|pg-query-stream|mock-aws-s3)/;
/** A process that runs may still load a part of the bundle that it was started from. */
const BUNDLES_KEPT = 2;

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

async function build(): Promise<string> {
  const id = sourcesId(root);
  const out = join(dist, id);
  const chunks = await bundle(out);
  // Beside, and then by its name at once: a start meets a whole bundle or none.
  const aside = join(dist, `.${id}-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  for (const chunk of chunks) writeChunk(aside, out, chunk);
  if (sourcesId(root) !== id) {
    rmSync(aside, { recursive: true });
    throw new Error('The sources changed while they were bundled. Run npm run build again.');
  }
  rmSync(out, { recursive: true, force: true });
  renameSync(aside, out);
  removeOld();
  return out;
}

async function bundle(out: string): Promise<OutputChunk[]> {
  const isApart = (id: string) => packagesApart.some((name) => id === name || id.startsWith(`${name}/`));
  const bundler = await rolldown({
    cwd: root,
    platform: 'node',
    input: Object.fromEntries([...programs, ...threads].map((path) => [basename(path, '.ts'), path])),
    external: (id) => isApart(id) || packagesNeverLoaded.test(id),
    plugins: [ownSources({ root, out, threads }), packagesWhenUsed(packagesSeldomUsed), helpMadeAhead()],
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  const { output } = await bundler.generate({
    dir: out,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: ({ name }) => `${name.split('~')[0]}-[hash].js`,
    sourcemap: true,
    // Apart from our own code, because Node counts every letter of what has a source map; and still each only where used.
    codeSplitting: { groups: [{ name: 'packages', test: /node_modules/, entriesAware: true }] },
  });
  await bundler.close();
  return output.filter((part) => part.type === 'chunk');
}

/** `lucy --help` reads a text instead of a hundred definitions and all that they need. */
function helpMadeAhead() {
  const text = `export const helpPages = JSON.parse(${JSON.stringify(JSON.stringify(pagesOf(commands)))});`;
  return {
    name: 'help-made-ahead',
    load: (id: string) => (id === join(root, 'src/help-pages.ts') ? text : null),
  };
}

function writeChunk(folder: string, out: string, { fileName, code, map }: OutputChunk): void {
  const isOwn = (source: string) => {
    const path = relative(root, join(out, dirname(fileName), source));
    return !path.startsWith('..') && !path.includes('node_modules');
  };
  const short = map ? shortMap(map, isOwn) : null;
  const bare = code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  const hasOwn = short !== null && short.sources.length > 0;
  writeFileSync(join(folder, fileName), hasOwn ? `${bare}//# sourceMappingURL=${fileName}.map\n` : bare);
  if (hasOwn) writeFileSync(join(folder, `${fileName}.map`), JSON.stringify(short));
}

function removeOld(): void {
  const ages = readdirSync(dist)
    .map((name) => ({ path: join(dist, name), since: statSync(join(dist, name)).mtimeMs }))
    .sort((a, b) => b.since - a.since);
  for (const { path } of ages.slice(BUNDLES_KEPT)) rmSync(path, { recursive: true, force: true });
}

process.stdout.write(`${relative(root, await build())}\n`);
