import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeWorld, startFakeWorld } from './world/fake-world.ts';

let world: FakeWorld;
beforeAll(async () => {
  world = await startFakeWorld();
});
afterAll(() => world.close());

const get = (path: string) => fetch(new URL(path, world.url));

/** fetch does not let one choose Host and Origin. */
function ask(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(new URL(path, world.url), { method, headers }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  sent.on('error', reject);
  sent.end(method === 'POST' ? '{"kind":"open-home"}' : undefined);
  return promise;
}

describe('the page', () => {
  test('runs no inline script and loads from nowhere else', async () => {
    const response = await get('/');
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page).not.toMatch(/<script(?![^>]*src=)/);
    expect(page).not.toMatch(/https?:\/\//);
  });

  test('every style and script that it names is there', async () => {
    const page = await (await get('/')).text();
    const paths = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(paths.length).toBeGreaterThan(10);
    const statuses = await Promise.all(paths.map(async (path) => (await get(path)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test('every browser file is served as JavaScript without types or bare imports', async () => {
    const folder = new URL('../../../sandbox/page/browser/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    expect(files.length).toBeGreaterThan(40);
    for (const name of files) {
      const response = await get(`/page/${name}`);
      expect(response.headers.get('content-type')).toContain('text/javascript');
      expect(await response.text(), name).not.toMatch(/\bfrom\s*["'](?![./])/);
    }
    for (const name of ['preact', 'preact-hooks', 'htm-preact', 'htm']) {
      expect((await get(`/vendor/${name}.js`)).status).toBe(200);
    }
  });

  test.each([
    '/page/tsconfig.json',
    '/page/..%2fserve-page.ts',
    '/page/../../cast.ts',
    '/vendor/zod.js',
    '/nothing',
  ])('does not serve %s', async (path) => expect((await get(path)).status).toBe(404));
});

describe('who may ask', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example'])('not Host %s', async (host) => {
    expect(await ask('GET', '/client/snapshot?as=U0SAM00001', { host })).toBeGreaterThanOrEqual(400);
  });

  test('the page itself may act, another site may not', async () => {
    const { host } = new URL(world.url);
    const acts = world.slack.acts.length;
    expect(await ask('POST', '/client/act', { host, origin: `http://${host}` })).toBe(200);
    expect(await ask('POST', '/client/act', { host, origin: 'http://evil.example' })).toBe(403);
    expect(await ask('POST', '/client/act', { host, origin: 'null' })).toBe(403);
    expect(await ask('POST', '/stripe/scenario', { host, origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await ask('POST', '/client/act', { host, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(world.slack.acts.length).toBe(acts + 1);
  });
});

describe('the feeds', () => {
  test('the wires are merged, newest first', async () => {
    const entries = (await (await get('/wire')).json()) as { at: number; from: string }[];
    const times = entries.map((entry) => entry.at);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(new Set(entries.map((entry) => entry.from))).toEqual(new Set(['slack', 'lucy', 'stripe']));
  });

  test('a crossing is announced', async () => {
    const response = await get('/wire/changes');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('retry:');
    world.stripeWire.cross({ from: 'stripe', to: 'lucy', label: 'invoice.paid' });
    expect((await reader?.read())?.value).toContain('data: changed');
    await reader?.cancel();
  });

  test('Lucy’s commands, the cast and an empty mailbox', async () => {
    expect(await (await get('/lucy-commands')).json()).toContainEqual({
      usage: 'whoami',
      summary: expect.any(String),
    });
    expect(await (await get('/cast')).json()).toContainEqual(expect.objectContaining({ handle: 'sam' }));
    expect(await (await get('/mailbox')).json()).toEqual([]);
  });
});
