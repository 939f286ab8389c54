import { countDirty } from '#db/customer-sync.ts';
import { countReconcileFindings } from '#db/reconcile-findings.ts';
import { findReconcileRun } from '#db/reconcile-runs.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import type { BackupDeps } from './deps.ts';
import type { HeldRestore } from './held-restore.ts';
import type { RestoreFacts } from './restore-facts.ts';

/** Stripe may be away; the report waits this long, and the catching up goes on after it all the same. */
const PATIENCE_MS = 6 * HOUR_MS;

/**
 * Whether Lucy knows again what happened at Stripe: nobody waits to be fetched, and the comparison of everything is at its
 * end. The ordinary workers do all of it. Null while they do.
 */
export async function catchUp(
  { database, clock }: BackupDeps,
  { facts }: HeldRestore,
): Promise<Pick<RestoreFacts, 'differences'> | null> {
  const sql = database.knex;
  const run =
    facts.reconciliation === undefined ? undefined : await findReconcileRun(sql, facts.reconciliation);
  const isOver = clock.now() - (facts.openedAt ?? clock.now()) >= PATIENCE_MS;
  const isOpen = (await countDirty(sql)) > 0 || (run !== undefined && run.ended_at === null);
  if (isOpen && !isOver) return null;
  if (run?.state !== 'done') return {};
  const counts = await countReconcileFindings(sql, run.id);
  return { differences: counts.reduce((sum, { total }) => sum + total, 0) };
}
