import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Actor } from '#src/core/actor.ts';
import { ApiProblem } from './problem.ts';

export type ApiKey = { name: string; hash: Buffer };

/** `LUCY_API_KEYS`: `name:key` or `key`, comma-separated. Keys are compared by hash, in constant time. */
export function readApiKeys(text: string | null): ApiKey[] {
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

/** The key that this request carries. Throws 401. */
export function findKey(keys: readonly ApiKey[], request: IncomingMessage): ApiKey {
  const given = /^Bearer (\S{1,500})$/.exec(request.headers.authorization ?? '')?.[1];
  const hash = given ? hashOf(given) : null;
  // Every key is compared, so that the time tells nothing of which one was near.
  const [known] = hash === null ? [] : keys.filter((key) => timingSafeEqual(key.hash, hash));
  if (known) return known;
  const hint =
    keys.length === 0
      ? 'Set LUCY_API_KEYS, then send “Authorization: Bearer KEY”.'
      : 'Send “Authorization: Bearer KEY” with a key of LUCY_API_KEYS.';
  throw new ApiProblem(401, 'unauthorized', 'This address needs an API key.', hint, {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** Who the audit names: the key, because the product tells no person. */
export function actorOf({ name }: ApiKey): Actor {
  const id = `api:${name}`;
  return { kind: 'api', id, name, person: id, roles: [], refusal: null };
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
