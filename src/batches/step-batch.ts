import { type BatchLineRow, listPendingLines, updateBatchLine } from '#db/batch-rows.ts';
import { type BatchRow, updateHeldBatch } from '#db/batches.ts';
import type { Sql } from '#db/connection.ts';
import { readMaintenance } from '#db/maintenance.ts';
import { inTransaction } from '#db/transaction.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { applyLine } from './apply-line.ts';
import { renewBatchCard } from './batch-card.ts';
import { type BatchDeps, BatchInMaintenance, BatchLeaseLost, type LineOutcome } from './deps.ts';
import { causeOfBatch } from './kept-cause.ts';

/** Longer than a step can take, so that a lease that ran out means a process that died. */
export const LEASE_MS = 30 * SECOND_MS;

/** Few enough that requests in between do not wait long, many enough that commits do not dominate. */
const LINES_AT_ONCE = 50;

/** People need not see more. */
export const CARD_EVERY_MS = 2 * SECOND_MS;

/** A batch that this worker holds, and when its card was last renewed. */
export type Held = { batch: BatchRow; token: string; cardAt: number };

/**
 * The next lines of a batch, in one transaction under its lease: effects, audit rows, the lines' own ends and how far it
 * is. When one of them cannot be done, all are tried again one by one, so that only that one fails.
 *
 * @throws BatchLeaseLost when somebody else holds it by now, BatchInMaintenance when nothing may be changed; nothing was kept
 */
export async function stepBatch(deps: BatchDeps, held: Held): Promise<void> {
  try {
    await stepLines(deps, held, LINES_AT_ONCE);
  } catch (error) {
    if (isOfNoLine(error)) throw error;
    for (let line = 0; line < LINES_AT_ONCE && held.batch.state === 'running'; line++)
      await stepOne(deps, held);
  }
}

async function stepOne(deps: BatchDeps, held: Held): Promise<void> {
  try {
    await stepLines(deps, held, 1);
  } catch (error) {
    if (isOfNoLine(error)) throw error;
    const facts = { batch: held.batch.id, correlationId: held.batch.correlation_id, err: error };
    if (!(error instanceof UserError))
      deps.log.error({ ...facts, event: 'batch_line_failed' }, errorMessage(error));
    await stepLines(deps, held, 1, whyFailed(error));
  }
}

async function stepLines(deps: BatchDeps, held: Held, limit: number, failure?: string): Promise<void> {
  const ended: Ended[] = [];
  const now = deps.clock.now();
  const isCardDue = now - held.cardAt >= CARD_EVERY_MS;
  const after = await inTransaction(deps.database, async (sql) => {
    ended.length = 0;
    const key = { id: held.batch.id, token: held.token };
    // First: it holds the row, so that whoever lost the lease waits here and then keeps nothing.
    const batch = await updateHeldBatch(sql, key, { lease_until: now + LEASE_MS });
    if (!batch) throw new BatchLeaseLost();
    if (await readMaintenance(sql, now)) throw new BatchInMaintenance();
    for (const line of await listPendingLines(sql, batch.id, limit))
      ended.push(await endLine(deps, sql, batch, line, now, failure));
    const changed = await updateHeldBatch(sql, key, progressOf(batch, ended, now, isCardDue));
    if (!changed) throw new BatchLeaseLost();
    const cause = causeOfBatch(changed, now);
    if (changed.version !== batch.version) await renewBatchCard(sql, cause, changed);
    if (changed.state === 'done') await deps.onEnd(sql, cause, changed);
    await deps.crashPoint?.('lines about to commit', changed);
    return changed;
  });
  held.batch = after;
  if (isCardDue) held.cardAt = now;
  const { correlation_id: correlationId, run_id: run, id: batch } = after;
  for (const line of ended.flatMap(({ logs }) => logs))
    deps.log.info({ correlationId, run, batch, ...line }, line.event);
  await deps.crashPoint?.('lines committed', after);
}

type Ended = { state: 'applied' | 'failed' | 'skipped'; logs: LineOutcome['logs'] };

async function endLine(
  deps: BatchDeps,
  sql: Sql,
  batch: BatchRow,
  line: BatchLineRow,
  now: number,
  failure: string | undefined,
): Promise<Ended> {
  if (failure !== undefined) {
    await updateBatchLine(sql, line, { state: 'failed', result: failure, ended_at: now });
    return { state: 'failed', logs: [] };
  }
  const { settings, mode } = deps;
  const context = { sql, settings, mode, batch, cause: causeOfBatch(batch, now) };
  const { state, customerId, entryId, result, logs } = await applyLine(context, line);
  await updateBatchLine(sql, line, {
    state,
    result,
    customer_id: customerId,
    entry_id: entryId,
    ended_at: now,
  });
  return { state, logs };
}

function progressOf(
  batch: BatchRow,
  ended: readonly Ended[],
  now: number,
  isCardDue: boolean,
): Partial<BatchRow> {
  const more = (state: Ended['state']) => ended.filter((line) => line.state === state).length;
  const applied = batch.applied + more('applied');
  const failed = batch.failed + more('failed');
  const skipped = batch.skipped + more('skipped');
  const isDone = applied + failed + skipped === batch.total;
  return {
    applied,
    failed,
    skipped,
    ...(isDone || isCardDue ? { version: batch.version + 1 } : {}),
    ...(isDone ? { state: 'done' as const, ended_at: now } : {}),
  };
}

function whyFailed(error: unknown): string {
  return error instanceof UserError
    ? `${error.message} ${error.hint}`
    : 'Something went wrong inside Lucy; nothing of this line was done.';
}

/** No line is to blame, and all are tried again later. */
function isOfNoLine(error: unknown): boolean {
  return error instanceof BatchLeaseLost || error instanceof BatchInMaintenance || isOfDatabase(error);
}

/** The database itself is in trouble. */
function isOfDatabase(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const name = error instanceof Error ? error.name : '';
  return (
    /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)|08|40|53|55|57|E[A-Z]+$)/.test(code) ||
    name === 'KnexTimeoutError'
  );
}
