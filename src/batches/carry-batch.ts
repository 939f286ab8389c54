import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BatchRow, claimBatch, findBatch, updateHeldBatch } from '#db/batches.ts';
import { inTransaction } from '#db/transaction.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import { type BatchDeps, BatchInMaintenance, BatchLeaseLost } from './deps.ts';
import { CARD_EVERY_MS, type Held, LEASE_MS, stepBatch } from './step-batch.ts';

/** How long one turn of the worker goes on, so that it can be stopped between two. */
const TURN_MS = 2 * SECOND_MS;

/**
 * One turn of a worker: takes the batch that waits longest, and carries out lines of it for a while. Any number of
 * workers may look. Returns how many batches it found.
 */
export async function carryBatches(deps: BatchDeps): Promise<number> {
  const held = await claim(deps);
  if (!held) return 0;
  await carry(deps, held, TURN_MS);
  return 1;
}

/**
 * Carries this batch to its end, and tells how it goes. Where another process holds it, waits for that one, and takes it
 * over when its lease runs out. When the signal comes, it lets go, and what is left can go on later.
 */
export async function finishBatch(
  deps: BatchDeps,
  batchId: string,
  signal: AbortSignal,
  onProgress: (batch: BatchRow) => void,
): Promise<BatchRow> {
  for (;;) {
    const held = await claim(deps, batchId);
    if (held) await carry(deps, held, Number.POSITIVE_INFINITY, { signal, onProgress });
    const batch = await findBatch(deps.database.knex, batchId);
    if (!batch) throw new Error(`There is no batch ${batchId}`);
    onProgress(batch);
    if (batch.state === 'done' || signal.aborted) return batch;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function claim(deps: BatchDeps, id?: string): Promise<Held | null> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const lease = { token, now, until: now + LEASE_MS };
  const batch = await inTransaction(deps.database, (sql) => claimBatch(sql, lease, id));
  if (!batch) return null;
  await deps.crashPoint?.('batch claimed', batch);
  return { batch, token, cardAt: now - CARD_EVERY_MS };
}

async function carry(
  deps: BatchDeps,
  held: Held,
  turnMs: number,
  watched: { signal?: AbortSignal; onProgress?: (batch: BatchRow) => void } = {},
): Promise<void> {
  const until = deps.clock.now() + turnMs;
  const isToGoOn = () => deps.clock.now() < until && !watched.signal?.aborted;
  try {
    while (held.batch.state === 'running' && isToGoOn()) {
      await stepBatch(deps, held);
      watched.onProgress?.(held.batch);
      // SQLite answers within the turn: requests and timers must get theirs.
      await nextTurn();
    }
    if (held.batch.state === 'running') await letGo(deps, held);
  } catch (error) {
    if (error instanceof BatchInMaintenance) return letGo(deps, held);
    if (!(error instanceof BatchLeaseLost)) throw error;
    const { id, correlation_id: correlationId } = held.batch;
    deps.log.warn(
      { event: 'batch_fenced', batch: id, correlationId },
      'The lease was lost; nothing of this step was kept',
    );
  }
}

async function letGo(deps: BatchDeps, held: Held): Promise<void> {
  const lease = { lease_token: null, lease_until: null };
  await updateHeldBatch(deps.database.knex, { id: held.batch.id, token: held.token }, lease);
}
