import type { IncomingMessage, ServerResponse } from 'node:http';
import { people } from '#sandbox/cast.ts';
import { sendJson, setPageHeaders } from './page-headers.ts';
import type { Listener, PageParts } from './page-parts.ts';
import { refusalOf } from './request-guard.ts';
import { sendStaticFile } from './static-files.ts';
import { sendWire, streamWireChanges } from './wire-feed.ts';

/** The page, its files and its feeds, with the local Slack under /client/ and the local Stripe under /stripe/. */
export function pageListener(parts: PageParts): Listener {
  return async (request, response) => {
    setPageHeaders(response);
    const refusal = refusalOf(request);
    if (refusal !== null) return sendJson(response, 403, { ok: false, error: refusal });
    const { pathname } = new URL(request.url ?? '/', 'http://sandbox');
    if (pathname.startsWith('/client/')) return parts.slack(request, response);
    if (pathname.startsWith('/stripe/')) return parts.stripe(request, response);
    if (/^\/mailbox(\/|$)/.test(pathname) && parts.mailbox) return parts.mailbox(request, response);
    if (pathname === '/story' && parts.story) return parts.story(request, response);
    return answerPage(parts, pathname, request, response);
  };
}

async function answerPage(
  parts: PageParts,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET') return sendJson(response, 405, { ok: false, error: 'Only GET works here.' });
  if (pathname === '/mailbox') return sendJson(response, 200, []);
  if (pathname === '/story') return sendJson(response, 200, {});
  if (pathname === '/wire') return sendWire(parts.wire, response);
  if (pathname === '/wire/changes') return streamWireChanges(parts.wire, request, response);
  if (pathname === '/cast') return sendJson(response, 200, Object.values(people));
  if (pathname === '/lucy-commands') return sendJson(response, 200, parts.lucyCommands());
  if (await sendStaticFile(pathname, response)) return;
  sendJson(response, 404, { ok: false, error: 'There is nothing here.' });
}
