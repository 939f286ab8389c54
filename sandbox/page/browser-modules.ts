import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The packages that the browser code may import, and where the page finds them. */
const vendorPaths: Record<string, string> = {
  preact: '/vendor/preact.js',
  'preact/hooks': '/vendor/preact-hooks.js',
  'htm/preact': '/vendor/htm-preact.js',
  htm: '/vendor/htm.js',
};

/** The file in node_modules behind a /vendor/ path, or null. */
export function vendorFile(path: string): string | null {
  const name = Object.keys(vendorPaths).find((key) => vendorPaths[key] === path);
  return name === undefined ? null : fileURLToPath(import.meta.resolve(name));
}

/**
 * JavaScript that a browser can load: types stripped, and bare imports pointed at /vendor/. Rewriting the
 * specifiers is the simple road, since an import map would have to be inline, which the page's policy forbids.
 */
export function asBrowserModule(path: string, source: string): string {
  return rewriteBareImports(path.endsWith('.ts') ? stripTypes(source) : source);
}

const importSpecifier = /(\bfrom\s*|\bimport\s*)(["'])([^"'./][^"']*)\2/g;

function rewriteBareImports(source: string): string {
  return source.replace(importSpecifier, (whole, keyword: string, quote: string, name: string) => {
    const path = vendorPaths[name];
    return path === undefined ? whole : `${keyword}${quote}${path}${quote}`;
  });
}

/** Node calls the function experimental and says so on every start; the newcomer's terminal is spared that line. */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
