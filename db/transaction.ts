import { setImmediate } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Database } from './connection.ts';

const ATTEMPTS_MAX = 12;

/** Another process holds the lock, or Postgres chose this transaction to give way: the same work may be tried again. */
function isTransient(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(SQLITE_BUSY|SQLITE_LOCKED|40001|40P01|55P03)/.test(code);
}

/**
 * The connection went, or the server restarts: nothing that was not committed stands. Class 08, 57P01–57P03
 * (postgresql.org/docs/current/errcodes-appendix.html), and what the driver and the system say without a code of SQL.
 */
function isCutOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(08|57P0[123]|ECONNRESET|ECONNREFUSED|EPIPE)/.test(code) ||
    // knex puts the statement before it, its own ROLLBACK on the dead connection, too.
    /\b(Connection (terminated|ended)|Client has encountered a connection error)/.test(error.message)
  );
}

/**
 * Runs `work` in one transaction, and again when the database asks for it (lock held elsewhere, deadlock,
 * serialisation, a restart before the commit was asked for). `work` must do nothing but database work: it may run more
 * than once. Cut off in the midst of the commit, nobody knows whether it stands: that is thrown, and whoever asked looks
 * again, with the same key.
 */
export async function inTransaction<T>(
  database: Database,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  let isCommitting = false;
  const once = async () => {
    isCommitting = false;
    if (database.engine === 'sqlite') await nextTurn();
    return database.knex.transaction(async (trx) => {
      const done = await work(trx);
      isCommitting = true;
      return done;
    });
  };
  return retrying(once, (error) => isTransient(error) || (isCutOff(error) && !isCommitting));
}

let lastTurn: Promise<void> = Promise.resolve();

/**
 * One transaction for each turn of the event loop. SQLite answers at once, so whoever waits for its one connection goes
 * on in the same turn, and a burst of background work would be a single long one in which Slack and Stripe are not heard.
 */
function nextTurn(): Promise<void> {
  lastTurn = lastTurn.then(() => setImmediate());
  return lastTurn;
}

/** Runs `work` again while the database is held elsewhere: for single statements outside a transaction. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  return retrying(work, isTransient);
}

/** The same for what comes to the same however often it is done: also when the connection went, and nobody knows. */
export async function repeatably<T>(work: () => Promise<T>): Promise<T> {
  return retrying(work, (error) => isTransient(error) || isCutOff(error));
}

async function retrying<T>(work: () => Promise<T>, mayRetry: (error: unknown) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !mayRetry(error)) throw error;
      // Jitter, so that two waiting processes do not meet again at once.
      const pauseMs = Math.min(20 * 2 ** attempt, 500) * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
