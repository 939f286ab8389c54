import type { Alternatives, Condition } from './sync-batch-conditions.ts';
import type { Door, TableShape } from './sync-batch-doors.ts';

/** A door, and what is asked through it. */
export type Way = { door: Door; values: readonly unknown[] };

/** The ways on which all rows are found that these conditions can hold for; null when there are none. */
export function waysTo(shape: TableShape, asked: Alternatives): Way[] | null {
  const [only, ...others] = asked;
  if (only && others.length === 0) return waysOf(shape, only);
  const ways: Way[] = [];
  for (const all of asked) {
    const some = waysOf(shape, all);
    if (!some) return null;
    ways.push(...some);
  }
  return ways;
}

/** Of conditions that all have to hold, it is enough to follow one. */
function waysOf(shape: TableShape, all: readonly Condition[]): Way[] | null {
  for (const door of shape.doors) {
    const ways = through(door, all);
    if (ways && (!door.only || door.only.isAsked(all))) return ways;
  }
  for (const condition of all) {
    const ways = condition.is === 'any' ? waysTo(shape, condition.of) : null;
    if (ways) return ways;
  }
  return null;
}

function through(door: Door, all: readonly Condition[]): Way[] | null {
  const [first = '', second] = door.columns;
  const some = valuesOf(all, first);
  if (!some) return null;
  if (second === undefined) return some.map((value) => ({ door, values: [value] }));
  const others = valuesOf(all, second);
  return others && some.flatMap((value) => others.map((other) => ({ door, values: [value, other] })));
}

function valuesOf(all: readonly Condition[], column: string): readonly unknown[] | null {
  for (const it of all) if (it.is === 'in' && it.column === column && !it.not) return it.values;
  return null;
}
