import type { Knex } from 'knex';
import type { Database } from './connection.ts';

const ATTEMPTS_MAX = 12;

/** Another process holds the lock, or Postgres chose this transaction to give way: the same work may be tried again. */
function isTransient(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(SQLITE_BUSY|SQLITE_LOCKED|40001|40P01|55P03)/.test(code);
}

/**
 * Runs `work` in one transaction, and again when the database asks for it (lock held elsewhere, deadlock,
 * serialisation). `work` must do nothing but database work: it may run more than once.
 */
export async function inTransaction<T>(
  database: Database,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  return patiently(() => database.knex.transaction(work));
}

/** Runs `work` again while the database is held elsewhere: for single statements outside a transaction. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isTransient(error)) throw error;
      // Jitter, so that two waiting processes do not meet again at once.
      const pauseMs = Math.min(20 * 2 ** attempt, 500) * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
