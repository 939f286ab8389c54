import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { asBrowserModule, vendorFile } from './browser-modules.ts';

const browserFolder = join(import.meta.dirname, 'browser');

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Answers `/`, /page/* and /vendor/*. False when there is no such file. */
export async function sendStaticFile(path: string, response: ServerResponse): Promise<boolean> {
  const file = fileFor(path);
  if (file === null) return false;
  const source = await readFile(file, 'utf8').catch(() => null);
  if (source === null) return false;
  const type = extname(path === '/' ? 'page.html' : path);
  const body = type === '.ts' || type === '.js' ? asBrowserModule(path, source) : source;
  response.writeHead(200, { 'Content-Type': contentTypes[type] ?? 'text/plain; charset=utf-8' });
  response.end(body);
  return true;
}

/** Only lower-case names with hyphens exist, so that no path can climb out of the folder. */
const pagePath = /^\/page\/((?:[a-z0-9-]+\/)*[a-z0-9-]+\.(?:ts|css|svg))$/;

function fileFor(path: string): string | null {
  if (path === '/') return join(browserFolder, 'page.html');
  if (path.startsWith('/vendor/')) return vendorFile(path);
  const name = pagePath.exec(path)?.[1];
  return name === undefined ? null : join(browserFolder, name);
}
