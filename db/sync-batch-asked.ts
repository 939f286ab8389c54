import type { Row } from './sync-batch-conditions.ts';
import { type Door, doorsByName, type Question, shapes } from './sync-batch-doors.ts';
import { keyOf, type SyncBatchRows } from './sync-batch-rows.ts';

/** What is read ahead, in this order: a door by its name, such as `payments:charge_id`, and what is asked through it. */
export type Asked = readonly (readonly [door: string, keys: Keys])[];

/** What is asked for: values, or what these rows, which were read before, have in this column. */
export type Keys = readonly (string | readonly string[])[] | { of: string; column: string };

type Read = (questions: readonly Question[]) => Promise<Row[][]>;

/**
 * Reads what is not here yet, as much at once as may be: what is asked by rows that are yet to be read waits for them,
 * and what is held is held before anything else is read.
 */
export async function readAsked(rows: SyncBatchRows, asked: Asked, read: Read): Promise<void> {
  let together: Question[] = [];
  const flush = async () => {
    await readThrough(rows, together, read);
    together = [];
  };
  for (const [name, keys] of asked) {
    const door = doorNamed(name);
    const isHeld = shapes.get(door.table)?.isHeld;
    if (isHeld || ('of' in keys && together.some((question) => question.door.table === keys.of)))
      await flush();
    together.push({ door, keys: keysOf(rows, keys) });
    if (isHeld) await flush();
  }
  await flush();
}

/** The same through some doors. */
export async function readThrough(
  rows: SyncBatchRows,
  questions: readonly Question[],
  read: Read,
): Promise<void> {
  const wanted = questions.flatMap(({ door, keys }) => {
    const missing = keys.filter((key) => !rows.isRead(door, keyOf(key)));
    return missing.length > 0 ? [{ door, keys: missing }] : [];
  });
  if (wanted.length === 0) return;
  const answers = await read(wanted);
  for (const [index, { door, keys }] of wanted.entries()) rows.take(door, keys, answers[index] ?? []);
}

function doorNamed(name: string): Door {
  const door = doorsByName.get(name);
  if (!door) throw new Error(`No door is called ${name}`);
  return door;
}

function keysOf(rows: SyncBatchRows, keys: Keys): (readonly unknown[])[] {
  if ('of' in keys) return [...rows.tableOf(keys.of).rows.values()].map(({ row }) => [row[keys.column]]);
  return keys.map((key) => (typeof key === 'string' ? [key] : key));
}
