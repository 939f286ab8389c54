import { setImmediate } from 'node:timers/promises';
import type { Database, Sql } from './connection.ts';
import { plansByIndex } from './plans-by-index.ts';
import { type Asked, readAsked, readThrough } from './sync-batch-asked.ts';
import { shapes } from './sync-batch-doors.ts';
import { type BatchEngine, onConnection } from './sync-batch-engine.ts';
import { NotPlain } from './sync-batch-not-plain.ts';
import type { QuerySource } from './sync-batch-query.ts';
import { SyncBatchRows } from './sync-batch-rows.ts';
import { sqlOf } from './sync-batch-sql.ts';
import { RawText } from './sync-batch-values.ts';
import { changesOf } from './sync-batch-writes.ts';
import { HELD_WAIT_MS, HeldElsewhere, isHeldElsewhere } from './sync-holds.ts';
import { patiently } from './transaction.ts';
import { withoutValues } from './without-values.ts';

/** How the work of one member of a batch ended; `alone`: nothing of it was kept, and it is to be done on its own. */
export type Ended<T> = { done: T } | { refused: unknown } | 'alone';

/** So many members are worked off before others have the event loop. */
const MEMBERS_PER_TURN = 8;

/**
 * Many pieces of work in one transaction, on rows that are read together before and written together after. Each of
 * them runs on a `sql` that answers from those rows, as if they came one after the other, each in a savepoint of its
 * own. What such a `sql` does not answer is not guessed: that member is to be done alone, and leaves no trace here.
 *
 * Several do not wait long for what somebody else holds, because everybody else of theirs would wait with them: that is
 * thrown as `HeldElsewhere`.
 *
 * @param isRefusal which errors are the work's own answer; after any other one the member is to be done alone
 * @param eventIds events that are held before anything else
 */
export async function workTogether<T>(
  database: Database,
  asked: Asked,
  members: readonly ((sql: Sql) => Promise<T>)[],
  isRefusal: (error: unknown) => boolean,
  eventIds: readonly string[] = [],
): Promise<Ended<T>[]> {
  const isPatient = members.length === 1;
  const waiting = isPatient ? '' : `; set local lock_timeout = '${HELD_WAIT_MS}ms'`;
  const begin = database.engine === 'sqlite' ? 'begin immediate' : `begin; ${plansByIndex}${waiting}`;
  const once = async (batch: BatchEngine) => {
    try {
      await batch.run(begin);
      await batch.holdEvents(eventIds);
      const rows = new SyncBatchRows();
      await readAsked(rows, asked, (questions) => batch.read(questions, true));
      const ends = await workEach(database, rows, batch, members, isRefusal);
      await batch.write(changesOf(rows));
      await batch.run('commit');
      return ends;
    } catch (error) {
      await batch.run('rollback').catch(() => {});
      if (!isPatient && isHeldElsewhere(error))
        throw new HeldElsewhere('Somebody else holds what one of these passes changes');
      throw withoutValues(error);
    }
  };
  return patiently(() => onConnection(database, once));
}

async function workEach<T>(
  database: Database,
  rows: SyncBatchRows,
  batch: BatchEngine,
  members: readonly ((sql: Sql) => Promise<T>)[],
  isRefusal: (error: unknown) => boolean,
): Promise<Ended<T>[]> {
  const source: QuerySource = {
    rows,
    writes: true,
    async read(door, keys) {
      // Held rows are held in one order, at the beginning, or two batches could wait for each other.
      if (shapes.get(door.table)?.isHeld) throw new NotPlain(`${door.table} is held only at the beginning`);
      await readThrough(rows, [{ door, keys }], (questions) => batch.read(questions, true));
    },
    raw: (text) => new RawText(text),
    async ask(table) {
      throw new NotPlain(`This is for the database to answer: ${table}`);
    },
  };
  const ends: Ended<T>[] = [];
  for (const [index, work] of members.entries()) {
    if (index > 0 && index % MEMBERS_PER_TURN === 0) await setImmediate();
    rows.begin();
    const { sql, hasFailed } = sqlOf(database, source);
    try {
      const done = await work(sql);
      if (hasFailed()) throw new NotPlain('A part of it failed');
      ends.push({ done });
    } catch (error) {
      rows.undo();
      ends.push(isRefusal(error) && !hasFailed() ? { refused: error } : 'alone');
    }
  }
  return ends;
}
