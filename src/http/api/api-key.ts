import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Actor } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';
import type { ApiScope } from '#src/core/settings-api.ts';
import { listed } from '#src/core/text.ts';
import { ApiProblem } from './problem.ts';

/** `scopes`: what it is for; null, for everything, while the settings bound no key. */
export type ApiKey = { name: string; hash: Buffer; scopes: readonly ApiScope[] | null };

/**
 * `LUCY_API_KEYS`: `name:key` or `key`, comma-separated. Keys are compared by hash, in constant time.
 *
 * @param bounds `api.keys` of the settings, by name
 */
export function readApiKeys(text: string | null, bounds: Settings['api']['keys']): ApiKey[] {
  const boundsNobody = Object.keys(bounds).length === 0;
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry, index) => {
      const at = entry.indexOf(':');
      const name = at === -1 ? `key ${index + 1}` : entry.slice(0, at);
      // A name that is mistyped in one place must not open everything.
      const own = Object.hasOwn(bounds, name) ? (bounds[name]?.scopes ?? []) : [];
      const scopes = boundsNobody ? null : own;
      return { name, hash: hashOf(entry.slice(at + 1)), scopes };
    });
}

/** What somebody should look at when Lucy starts; sentences. Keys may do everything until one is bounded; from then on each needs its entry. */
export function keyWarnings(keys: readonly ApiKey[], bounds: Settings['api']['keys']): string[] {
  const unbounded = keys.filter(({ scopes }) => scopes === null).map(({ name }) => name);
  const shut = keys.filter(({ scopes }) => scopes?.length === 0).map(({ name }) => name);
  const missing = Object.keys(bounds).filter((name) => !keys.some((key) => key.name === name));
  return [
    ...(unbounded.length > 0
      ? [
          `${listed(unbounded)} of LUCY_API_KEYS may do everything at /api; say what each is for under api.keys in lucy.config.yml.`,
        ]
      : []),
    ...(shut.length > 0
      ? [
          `${listed(shut)} of LUCY_API_KEYS may do nothing at /api, for api.keys in lucy.config.yml has other keys only; say what each is for there.`,
        ]
      : []),
    ...(missing.length > 0
      ? [`api.keys in lucy.config.yml names ${listed(missing)}, which LUCY_API_KEYS does not have.`]
      : []),
  ];
}

/** Throws 403 where the settings say that this key is for something else. */
export function requireScope({ name, scopes }: ApiKey, wanted: ApiScope): void {
  if (scopes === null || scopes.includes(wanted)) return;
  throw new ApiProblem(
    403,
    'out_of_scope',
    `The API key “${name}” is not for this: it has ${scopes.length > 0 ? listed(scopes) : 'no scope, for api.keys does not name it'}, and this needs ${wanted}.`,
    `Use the key that is for it, or add ${wanted} to api.keys.${name}.scopes in lucy.config.yml and start Lucy anew.`,
    { details: { scope: wanted } },
  );
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
