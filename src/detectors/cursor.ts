/** Where a look ended: at a moment, behind the row with this id among those of the moment. */
export type Cursor = { at: number; id: string };

export function readCursor(mark: string): Cursor {
  const colon = mark.indexOf(':');
  return { at: Number(mark.slice(0, colon)), id: mark.slice(colon + 1) };
}

export function cursorMark({ at, id }: Cursor): string {
  return `${at}:${id}`;
}

/** Behind everything up to this moment. */
export function startAt(now: number): Cursor {
  return { at: now, id: '' };
}
