import { workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

/**
 * Moves what was committed from SQLite's write-ahead log into the database file, in a thread of its own: the main
 * thread, whose event loop answers Slack and Stripe, would else do it in the middle of a request, and wait for the disk.
 * PASSIVE waits for nobody and makes nobody wait; what it could not move, the next look or the main thread moves.
 */
const SOONEST_MS = 50;
const LATEST_MS = 2_000;
/** A look is worth its sync when it moves about so many pages; a page that changes often is then moved once for many times. */
const PAGES_A_LOOK = 2_000;

const { path } = workerData as { path: string };
const connection = new Sqlite(path);
connection.pragma('busy_timeout = 0');
connection.pragma('synchronous = FULL');

function look(pauseMs: number, movedBefore: number): void {
  let moved = movedBefore;
  try {
    const [said] = connection.pragma('wal_checkpoint(PASSIVE)') as { checkpointed: number }[];
    moved = said?.checkpointed ?? 0;
  } catch {
    // Somebody else is at it, or the disk is full; who writes hears of that.
  }
  // The log began anew when there is less in it than was moved before.
  const pages = moved >= movedBefore ? moved - movedBefore : moved;
  const wanted = pages > PAGES_A_LOOK ? pauseMs / 2 : pauseMs * 1.5;
  const next = Math.min(Math.max(wanted, SOONEST_MS), LATEST_MS);
  setTimeout(look, next, next, moved);
}

look(LATEST_MS, 0);
