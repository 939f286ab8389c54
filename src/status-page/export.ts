import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '#db/connection.ts';
import type { Settings } from '#src/core/settings.ts';
import { statusFeed } from './feed.ts';
import { statusJson } from './json.ts';
import { statusPage } from './page.ts';
import { readStatusPicture } from './picture.ts';

/**
 * Writes the page as files, whenever something that it says changed, so that it can be served from elsewhere and
 * outlives the service. Each file is put in place whole. True when something was written.
 */
export async function exportStatusPage(
  sql: Sql,
  settings: Settings,
  pageUrl: string,
  now: number,
): Promise<boolean> {
  const folder = settings.status_page.export_folder;
  if (folder === undefined) return false;
  const picture = await readStatusPicture(sql, settings, now);
  const json = `${JSON.stringify(statusJson(picture), null, 2)}\n`;
  // The day is in it, so that the bars move on even when nothing happens.
  const mark = `${picture.components[0]?.days.at(-1)?.date}\n${json}`;
  // Lucy’s own files are hers alone; a web server of another user reads these.
  if ((await mkdir(folder, { recursive: true })) !== undefined) await chmod(folder, 0o755);
  if ((await readFile(join(folder, '.written'), 'utf8').catch(() => '')) === mark) return false;
  const links = { json: 'status.json', feed: 'feed.xml' };
  await put(join(folder, 'index.html'), statusPage(picture, now, links));
  await put(join(folder, 'status.json'), json);
  await put(join(folder, 'feed.xml'), statusFeed(picture, pageUrl));
  await put(join(folder, '.written'), mark);
  return true;
}

async function put(path: string, text: string): Promise<void> {
  // Several processes may write the same folder, each its own file until it is put in place.
  const fresh = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(fresh, text);
    await chmod(fresh, 0o644);
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
}
