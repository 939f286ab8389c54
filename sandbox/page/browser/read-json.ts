/** Blocks and views are other people's JSON: these read it without ever throwing on a surprise. */
export type Json = Record<string, unknown>;

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text under `key`, or an empty text. */
export function textAt(record: Json, key: string): string {
  const value = record[key];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

/** The record under `key`, or null. */
export function recordAt(record: Json, key: string): Json | null {
  const value = record[key];
  return isRecord(value) ? value : null;
}

/** The records in the list under `key`; anything else in it is left out. */
export function recordsAt(record: Json, key: string): Json[] {
  const value = record[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The texts in the list under `key`. */
export function textsAt(record: Json, key: string): string[] {
  const value = record[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The plain text of a text object under `key`: labels, placeholders, titles. */
export function plainTextAt(record: Json, key: string): string {
  const value = record[key];
  return isRecord(value) ? textAt(value, 'text') : textAt(record, key);
}
