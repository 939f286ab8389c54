import { type List, listOf } from '../objects/list.ts';
import type { Row } from '../world/table.ts';
import { between, type Range, range, text } from './param-kinds.ts';
import { invalidRequest, noSuch } from './stripe-refusal.ts';

/** The parameters of every list: https://docs.stripe.com/api/pagination */
export const pageParams = { limit: between(1, 100), starting_after: text, ending_before: text };

/** The same with the filter that nearly every list has. */
export const createdPageParams = { ...pageParams, created: range };

type Wanted = {
  limit: number | undefined;
  starting_after: string | undefined;
  ending_before: string | undefined;
  created?: Range | undefined;
};

/**
 * One page of rows that are newest first already. The cursor may be a row that the filters no longer keep: a
 * subscription that ended between two pages still marks its place.
 */
export function pageOf<T extends Row>(
  url: string,
  noun: string,
  rows: T[],
  wanted: Wanted,
  keep: (row: T) => boolean = () => true,
): List<T> {
  const { created, starting_after, ending_before } = wanted;
  const limit = wanted.limit ?? 10;
  const isWanted = (row: T) => (!created || isWithin(row.created, created)) && keep(row);
  if (starting_after !== undefined && ending_before !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: starting_after, ending_before.');
  }
  if (ending_before !== undefined) {
    const before = rows.slice(0, placeOf(rows, noun, ending_before, 'ending_before')).reverse();
    const found = firstOf(before, limit + 1, isWanted);
    return listOf(url, found.slice(0, limit).reverse(), found.length > limit);
  }
  const start = starting_after === undefined ? 0 : placeOf(rows, noun, starting_after, 'starting_after') + 1;
  const found = firstOf(rows, limit + 1, isWanted, start);
  return listOf(url, found.slice(0, limit), found.length > limit);
}

function firstOf<T>(rows: T[], count: number, isWanted: (row: T) => boolean, from = 0): T[] {
  const found: T[] = [];
  for (let at = from; at < rows.length && found.length < count; at += 1) {
    const row = rows[at];
    if (row !== undefined && isWanted(row)) found.push(row);
  }
  return found;
}

function placeOf(rows: Row[], noun: string, id: string, param: string): number {
  const index = rows.findIndex((row) => row.id === id);
  if (index >= 0) return index;
  throw noSuch(noun, id, param, 400);
}

export function isWithin(second: number, { gt, gte, lt, lte }: Range): boolean {
  return (
    (gt === undefined || second > gt) &&
    (gte === undefined || second >= gte) &&
    (lt === undefined || second < lt) &&
    (lte === undefined || second <= lte)
  );
}
