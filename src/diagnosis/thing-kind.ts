import type { ThingRow, ThingTable } from '#db/things.ts';
import type { Moment } from './timeline.ts';

/** What has an id of its own and is not among the tables that a trail reads by correlation id. */
export type ThingKind = {
  prefix: string;
  means: string;
  table: ThingTable;
  /** The column of its moment. */
  at: string;
  say(row: ThingRow): string;
  /** Ids in the row that lead on: runs, correlation ids, other things. */
  leads?(row: ThingRow): unknown[];
};

/** What may be null in a row, as text. */
export const word = (value: unknown) => String(value ?? '');

export function momentOfThing(kind: ThingKind, row: ThingRow): Moment {
  return {
    at: Number(row[kind.at] ?? 0),
    kind: kind.means.replace(/^an? /, ''),
    id: String(row.id),
    correlationId: String(row.correlation_id ?? ''),
    sentence: kind.say(row),
  };
}

/** Where a thing leads: by itself to what has its correlation ID. */
export function leadsOf(kind: ThingKind, row: ThingRow): string[] {
  return (kind.leads?.(row) ?? [row.correlation_id]).flatMap((id) =>
    typeof id === 'string' && id !== '' ? [id] : [],
  );
}
