import { existsSync, readdirSync } from 'node:fs';
import { enableCompileCache, setSourceMapsSupport } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourcesId } from './sources-id.js';

/**
 * Starts Lucy: `node bin/start.js main|cli …`. What runs is the bundle of these very sources, where `npm run build` made
 * one, and the sources themselves otherwise, so that whoever edits a file runs what was edited. An image brings a bundle
 * and no sources. JavaScript, because the first line of TypeScript alone costs Node more than all that is done here.
 */
const root = join(import.meta.dirname, '..');
const [, , program = ''] = process.argv;
const bundle = findBundle();
const file = bundle ? join(bundle, `${program}.js`) : join(root, 'src', `${program}.ts`);

if (bundle) setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
// Node keeps what it made of the code: half of what a start from a thousand TypeScript files takes, and a sixth of what is
// typed takes. A bundled service has nothing of it but ten megabytes more.
if (!bundle || program === 'cli')
  enableCompileCache(join(bundle ?? join(root, 'node_modules'), '.cache/lucy'));

// As if it had been started by itself.
process.argv.splice(1, 2, file);
await import(pathToFileURL(file).href);

/** @returns {string | null} */
function findBundle() {
  const dist = join(root, 'dist');
  if (!existsSync(dist)) return null;
  if (!existsSync(join(root, 'src'))) return join(dist, readdirSync(dist)[0] ?? '');
  const own = join(dist, sourcesId(root));
  return existsSync(own) ? own : null;
}
