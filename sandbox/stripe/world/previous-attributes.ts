type Json = Record<string, unknown>;

/**
 * The former values of what changed, nested as in the object, arrays as a whole; null when nothing changed.
 * https://docs.stripe.com/api/events/object#event_object-data-previous_attributes
 */
export function previousAttributes(before: Json, after: Json): Json | null {
  const previous: Json = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key] ?? null, after[key] ?? null];
    if (isHash(was) && isHash(is)) {
      const inner = previousAttributes(was, is);
      if (inner) previous[key] = inner;
    } else if (JSON.stringify(was) !== JSON.stringify(is)) {
      previous[key] = was;
    }
  }
  return Object.keys(previous).length > 0 ? previous : null;
}

function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
