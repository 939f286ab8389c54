import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { createHttpServer } from '#src/http/server.ts';
import { statusRoutes } from '#src/http/status-routes.ts';
import { exportStatusPage } from '#src/status-page/export.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const MINUTE_MS = 60_000;
const olu = staff('oncall');

async function served(more: Record<string, unknown> = {}) {
  const settings = settingsSchema.parse({
    status_page: { title: 'Firm <Studio>', components: [{ id: 'app', name: 'The app' }], ...more },
  });
  const world = await terminalWorld({ settings });
  const routes = statusRoutes({
    database: world.database,
    settings,
    clock: world.clock,
    publicUrl: 'https://status.example',
  });
  const server = createHttpServer(routes, world.runner.log);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const get = (path: string, headers = {}) => fetch(`${base}${path}`, { headers });
  return { ...world, settings, get };
}

test('it says that everything works, and then what does not, as HTML, JSON and Atom', async () => {
  const { lucy, get, clock } = await served();
  expect(await (await get('/status')).text()).toContain('Everything works.');

  await lucy('incident declare "Saving <b>fails</b>" --yes', olu);
  await lucy(
    'incident update "Some files are not saved & we look into it." --components app=partial --yes',
    olu,
  );
  clock.advance(5_000);

  const html = await (await get('/status')).text();
  expect(html).toContain('The app is partly out of order.');
  expect(html).toContain('Saving &#60;b&#62;fails');
  expect(html).not.toContain('<b>fails');
  expect(html).not.toMatch(/<script|INC-1|cor_/);
  expect(html).toContain('Trouble on 1 day of the last 90');
  const json = await (await get('/status.json')).json();
  expect(json).toMatchObject({
    summary: 'The app is partly out of order',
    components: [{ id: 'app', status: 'partial' }],
    incidents: [{ status: 'investigating', updates: [{ body: expect.stringContaining('not saved') }] }],
  });
  const feed = await (await get('/status/feed.xml')).text();
  expect(feed).toContain('<title>Investigating: Saving &#60;b&#62;fails&#60;/b&#62;</title>');
  expect(feed).toContain('https://status.example/status#');
});

test('nothing that was not published is on it: notes, private incidents, and an incident before its first update', async () => {
  const { lucy, get } = await served();
  await lucy('incident declare "secret plan" --yes', olu);
  await lucy('incident note "the key of db-3 leaked" --yes', olu);
  for (const path of ['/status', '/status.json', '/status/feed.xml']) {
    const text = await (await get(path)).text();
    expect(text).not.toMatch(/secret|leaked/);
  }
});

test('whoever has it already is told so, and it may be shown from anywhere without running anything', async () => {
  const { get } = await served();
  const first = await get('/status.json');
  const again = await get('/status.json', { 'if-none-match': first.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
  expect((await get('/status')).headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('the folder gets whole files with every change and no more, and they do without the service', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-status-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { lucy, settings, database, clock } = await served({ export_folder: folder });
  const write = () => exportStatusPage(database.knex, settings, 'https://status.example/status', clock.now());

  expect(await write()).toBe(true);
  expect(await write()).toBe(false);
  await lucy('incident declare "Saving fails" --yes', olu);
  expect(await write()).toBe(false);
  await lucy('incident update "We look into it." --yes', olu);
  expect(await write()).toBe(true);

  const html = await readFile(join(folder, 'index.html'), 'utf8');
  expect(html).toContain('We look into it.');
  expect(html).toContain('href="feed.xml"');
  clock.advance(25 * 60 * MINUTE_MS);
  expect(await write()).toBe(true);
});
