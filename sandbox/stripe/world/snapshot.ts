import { listOf } from '../objects/list.ts';
import type { Tables } from './tables.ts';

/** Stripe shows the first ten lines inside an invoice and says `has_more`; the rest is at /lines. */
const linesShownInside = 10;

type Json = Record<string, unknown>;

/** An object as Stripe would send it now: a copy that nothing later changes. */
export function snapshotOf(tables: Tables, object: { object: string; id: string }): Json {
  if (object.object === 'customer' && tables.deletedCustomers.has(object.id)) {
    return { id: object.id, object: 'customer', deleted: true };
  }
  return fullSnapshotOf(object);
}

/** The same without hiding a deleted customer: `customer.deleted` carries the customer as it last was. */
export function fullSnapshotOf(object: { object: string }): Json {
  const copy: Json = JSON.parse(JSON.stringify(object));
  if (object.object === 'invoice') copy.lines = firstLines(copy.lines);
  return copy;
}

function firstLines(lines: unknown): unknown {
  if (!isList(lines) || lines.data.length <= linesShownInside) return lines;
  return listOf(lines.url, lines.data.slice(0, linesShownInside), true);
}

function isList(value: unknown): value is { data: unknown[]; url: string } {
  return typeof value === 'object' && value !== null && 'data' in value && Array.isArray(value.data);
}
