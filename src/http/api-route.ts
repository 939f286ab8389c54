import { createHash, timingSafeEqual } from 'node:crypto';
import { type Handler, sendError } from './server.ts';

/** `LUCY_API_KEYS`: `name:key` or `key`, comma-separated. Keys are compared by hash, in constant time. */
export function readApiKeys(text: string | null): { name: string; hash: Buffer }[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry, index) => {
      const at = entry.indexOf(':');
      return at === -1
        ? { name: `key ${index + 1}`, hash: hashOf(entry) }
        : { name: entry.slice(0, at), hash: hashOf(entry.slice(at + 1)) };
    });
}

/** The product's API: nobody without a key gets further than this (DESIGN section 9: unset, `/api` answers 401). */
export function createApiRoute(keys: ReturnType<typeof readApiKeys>): Handler {
  return (request, response, url) => {
    const given = /^Bearer (\S{1,500})$/.exec(request.headers.authorization ?? '')?.[1];
    const hash = given ? hashOf(given) : null;
    const isKnown = hash !== null && keys.filter((key) => timingSafeEqual(key.hash, hash)).length > 0;
    if (!isKnown) {
      const hint =
        keys.length === 0
          ? 'Set LUCY_API_KEYS, then send “Authorization: Bearer KEY”.'
          : 'Send “Authorization: Bearer KEY” with a key of LUCY_API_KEYS.';
      return sendError(response, 401, 'unauthorized', 'This address needs an API key.', hint);
    }
    sendError(
      response,
      404,
      'not_found',
      `There is nothing at ${url.pathname}.`,
      'The product’s API is not open yet.',
    );
  };
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
