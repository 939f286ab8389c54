import { statfsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const ROOM_BYTES = 4 * 2 ** 30;

/**
 * A new folder for a Postgres of the tests, in memory where there is plenty: making and dropping databases there costs a
 * third of the time in the kernel, and workers wait for no disk. (Lucy refuses a SQLite file that lies there.) A server that crashes keeps
 * what it wrote; what a power cut leaves is not tested by files.
 *
 * @param prefix such as `lucy-pg-`
 */
export function postgresFolder(prefix: string): Promise<string> {
  return mkdtemp(join(root, prefix));
}

const root = hasRoomInMemory() ? MEMORY : tmpdir();

function hasRoomInMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES && freemem() >= ROOM_BYTES;
  } catch {
    return false;
  }
}
