import type { Log } from '#src/core/log.ts';
import { type Doorbell, noDoorbell } from '#src/gateways/doorbell.ts';

/** Redis, where there is one: its libraries are not even loaded where there is none. */
export async function openDoorbell(
  url: string | null,
  log: Log,
  onRing: ((job: string) => void) | null,
): Promise<Doorbell> {
  if (url === null) return noDoorbell;
  const { createRedisDoorbell } = await import('#src/gateways/redis-doorbell.ts');
  return createRedisDoorbell({ url, log, onRing });
}
