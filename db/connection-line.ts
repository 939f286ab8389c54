import { AsyncLocalStorage } from 'node:async_hooks';

/** How long work that nobody waits for lets others go before it; then it keeps its place. */
const PATIENCE_MS = 1_000;

const awaited = new AsyncLocalStorage<true>();

/**
 * Whatever this work asks of a database goes before the background’s: somebody waits for the answer, as Slack does for an
 * acknowledgement. In a burst the workers hold all connections, and more than twice as many of their questions stand in line.
 */
export function answering<T>(work: () => T): T {
  return awaited.run(true, work);
}

/** Someone in the line of a pool; the pool’s own. */
type Place = object;

/** What is used of knex’s pool (tarn): `pendingAcquires` is the line, served from its front. */
export type Pool = { acquire(): Place; pendingAcquires: Place[] };

/** Has those who answer somebody go to the front of the line for a connection, each behind those who came before them. */
export function letAnswersGoFirst(pool: Pool): void {
  const came = new WeakMap<Place, { at: number; isAwaited: boolean }>();
  const acquire = pool.acquire.bind(pool);

  function mayPass(one: Place, now: number): boolean {
    const known = came.get(one);
    return known !== undefined && !known.isAwaited && now - known.at < PATIENCE_MS;
  }

  pool.acquire = () => {
    const place = acquire();
    const at = performance.now();
    const isAwaited = awaited.getStore() === true;
    const line = pool.pendingAcquires;
    // Mostly there is no line, and the connection is given already.
    if (line.at(-1) !== place) return place;
    came.set(place, { at, isAwaited });
    const front = isAwaited ? line.findIndex((one) => mayPass(one, at)) : -1;
    if (front >= 0) line.splice(front, 0, ...line.splice(-1));
    return place;
  };
}
