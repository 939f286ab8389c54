import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '#db/connection.ts';
import { type Clock, SECOND_MS } from '#src/core/clock.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import type { Settings } from '#src/core/settings.ts';
import { statusFeed } from '#src/status-page/feed.ts';
import { statusJson } from '#src/status-page/json.ts';
import { statusPage } from '#src/status-page/page.ts';
import { readStatusPicture, type StatusPicture } from '#src/status-page/picture.ts';
import type { Route } from './server.ts';

type Deps = { database: Database; settings: Settings; clock: Clock; publicUrl: string | null };

/** In an outage everybody looks: the database is asked this often, whoever looks. */
const KEEP_MS = 2 * SECOND_MS;

/** The status page, for everybody, as HTML, JSON and Atom; seconds old at most. */
export function statusRoutes(deps: Deps): Route[] {
  let last: { at: number; picture: Promise<StatusPicture> } | null = null;

  function read(): Promise<StatusPicture> {
    const now = deps.clock.now();
    if (last && now - last.at < KEEP_MS) return last.picture;
    const picture = readStatusPicture(deps.database.knex, deps.settings, now);
    last = { at: now, picture };
    picture.catch(() => {
      last = null;
    });
    return picture;
  }

  const route = (path: string, type: string, render: (picture: StatusPicture) => string): Route => ({
    method: 'GET',
    path,
    async handle(request, response) {
      send(request, response, type, render(await read()));
    },
  });
  const pageUrl = `${(deps.publicUrl ?? '').replace(/\/+$/, '')}/status`;
  const links = { json: '/status.json', feed: '/status/feed.xml' };
  return [
    route('/status', 'text/html; charset=utf-8', (picture) => statusPage(picture, last?.at ?? 0, links)),
    route('/status.json', 'application/json; charset=utf-8', (picture) =>
      JSON.stringify(statusJson(picture)),
    ),
    route('/status/feed.xml', 'application/atom+xml; charset=utf-8', (picture) =>
      statusFeed(picture, pageUrl),
    ),
  ];
}

function send(request: IncomingMessage, response: ServerResponse, type: string, text: string): void {
  const headers = {
    'content-type': type,
    etag: `"${sha256(text).slice(0, 32)}"`,
    'cache-control': 'public, max-age=5',
    'access-control-allow-origin': '*',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  if (request.headers['if-none-match'] === headers.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
}
