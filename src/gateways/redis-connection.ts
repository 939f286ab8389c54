import { Redis } from 'ioredis';

const CONNECT_MS = 3_000;
const COMMAND_MS = 1_000;
const RETRY_MAX_MS = 2_000;

const patience = {
  connectTimeout: CONNECT_MS,
  // Told to die, Redis closes politely; one that hangs is noticed by the command that it does not answer.
  keepAlive: 10_000,
  retryStrategy: (times: number) => Math.min(100 * times, RETRY_MAX_MS),
};

/** For whoever must never wait: nothing queues up while Redis is away, and no command is tried twice. */
export function connectRedis(url: string): Redis {
  return new Redis(url, {
    ...patience,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
  });
}

/** For BullMQ’s listener, which blocks on its connection; nobody waits for it, so it may wait for Redis as long as it takes. */
export function listenerOptions(url: string) {
  return { ...patience, ...addressOf(url), maxRetriesPerRequest: null };
}

/** BullMQ takes parts rather than an address; user, password and TLS included. */
function addressOf(text: string) {
  const url = new URL(text);
  const number = Number(url.pathname.slice(1) || 0);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 6379),
    db: number,
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    // Node takes the name to check from the host itself; an IP address may not be said again as a name.
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
