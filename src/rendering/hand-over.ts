import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '#db/connection.ts';
import { deleteRender, findRender, insertRender, type RenderRow, takeRender } from '#db/renders.ts';
import { patiently } from '#db/transaction.ts';
import { type Clock, SECOND_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Log } from '#src/core/log.ts';
import { type Render, renderHere } from './render.ts';
import { type Kind, resultOf } from './wire.ts';

/** No worker took it: there may be none, or all are busy. */
const UNTAKEN_MS = 2 * SECOND_MS;
/** A worker took it and is not done: it may have died. */
const UNDONE_MS = 15 * SECOND_MS;
const LOOK_EVERY_MS = 40;

/**
 * Has pictures and documents made by a worker process. The row is the request, its state who has it; where no worker
 * takes it in time, or one dies over it, it is made here after all, in a thread.
 */
export function createHandOver(deps: {
  database: Database;
  clock: Clock;
  log: Log;
  wake(): void;
  here?: Render;
}): Render {
  const { here = renderHere } = deps;
  return {
    chart: async (chart) => (await handOver(deps, 'chart', JSON.stringify(chart))) ?? here.chart(chart),
    pdf: async (document) => (await handOver(deps, 'pdf', JSON.stringify(document))) ?? here.pdf(document),
  };
}

/** Null when it is to be made here, where what cannot be drawn says so itself. */
async function handOver<K extends keyof Kind>(
  deps: Parameters<typeof createHandOver>[0],
  kind: K,
  task: string,
): Promise<Kind[K] | null> {
  const { clock, database, log } = deps;
  const sql = database.knex;
  const id = newId('rnd', clock.now());
  try {
    await patiently(() => insertRender(sql, { id, kind, task, created_at: clock.now() }));
    deps.wake();
    const row = await waitFor(deps, id);
    await patiently(() => deleteRender(sql, id));
    return row?.state === 'done' && row.result !== null ? resultOf(kind, row.result) : null;
  } catch (error) {
    log.warn({ event: 'render_not_handed_over', id, kind, err: error }, errorMessage(error));
    return null;
  }
}

/** The row when it is done or failed; undefined when this process had better do it itself. */
async function waitFor(
  { database, clock }: Parameters<typeof createHandOver>[0],
  id: string,
): Promise<RenderRow | undefined> {
  const since = clock.now();
  for (;;) {
    const row = await findRender(database.knex, id);
    if (!row || row.state === 'done' || row.state === 'failed') return row;
    const waited = clock.now() - since;
    if (waited >= UNDONE_MS) return undefined;
    if (row.state === 'waiting' && waited >= UNTAKEN_MS && (await takeRender(database.knex, id, 'here')))
      return undefined;
    await pause(LOOK_EVERY_MS);
  }
}
