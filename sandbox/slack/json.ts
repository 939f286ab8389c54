/** JSON of which nothing is known yet. */
export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text at a key, or '' when there is none. */
export function textAt(value: Json, key: string): string {
  const found = value[key];
  return typeof found === 'string' ? found : '';
}

export function recordAt(value: Json, key: string): Json | null {
  const found = value[key];
  return isRecord(found) ? found : null;
}

/** The records in the list at a key; anything else there is left out. */
export function recordsAt(value: Json, key: string): Json[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** The value of a JSON text, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
