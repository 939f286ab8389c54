import { type Json, textAt } from '../json.ts';

/** Slack's cursor pages. The cursor is opaque to callers; here it is the next item's index, in base64. */
export function pageOf<T>(all: readonly T[], args: Json): { items: T[]; metadata: { next_cursor: string } } {
  const limit = Math.min(1000, Number(args.limit) || 100);
  const start = Number(Buffer.from(textAt(args, 'cursor'), 'base64').toString()) || 0;
  const end = start + limit;
  const cursor = end < all.length ? Buffer.from(String(end)).toString('base64') : '';
  return { items: all.slice(start, end), metadata: { next_cursor: cursor } };
}
