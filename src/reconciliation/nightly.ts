import { findOpenRun, hasNightlySince } from '#db/reconcile-runs.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import type { ReconcileDeps } from './deps.ts';
import { startReconciliation } from './start.ts';

/** A night that Lucy slept through is made up for until then; later it is left to the next. */
const LATE_MAX_MS = 6 * HOUR_MS;

/** Begins the night's comparison when its time has come; once, whichever process looks first. True when it began. */
export async function startNightly(deps: ReconcileDeps): Promise<boolean> {
  const now = deps.clock.now();
  const dueAt = dueOf(deps.settings.reconcile.nightly_at, now);
  if (dueAt === null || now - dueAt > LATE_MAX_MS) return false;
  const sql = deps.database.knex;
  if ((await hasNightlySince(sql, deps.mode, dueAt)) || (await findOpenRun(sql, deps.mode))) return false;
  const openedAt = await deps.stripe.lists.accountOpenedAt().catch((error: unknown) => {
    // Away: the lists are asked for page by page, and wait for Stripe.
    if (isStripeTrouble(error)) return null;
    throw error;
  });
  const begun = inTransaction(deps.database, async (trx) => {
    if ((await hasNightlySince(trx, deps.mode, dueAt)) || (await findOpenRun(trx, deps.mode))) return false;
    const cause = scheduleCause(now, 'The nightly comparison with Stripe');
    const { settings, mode, creditsSince } = deps;
    const run = await startReconciliation(trx, cause, {
      settings,
      mode,
      creditsSince,
      openedAt,
      kinds: null,
    });
    await recordAudit(trx, cause, {
      command: 'reconcile run',
      outcome: 'done',
      customerId: null,
      input: { nightly: true },
      before: null,
      after: { reconciliation: run.id },
    });
    return true;
  });
  return begun.catch((error: unknown) => {
    // Another process began it in this moment.
    if (error instanceof UserError && error.code === 'conflict') return false;
    throw error;
  });
}

/** The last time that it was due; null for never. */
function dueOf(at: string, now: number): number | null {
  if (at === 'never') return null;
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const today = Math.floor(now / DAY_MS) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS;
  return today <= now ? today : today - DAY_MS;
}
