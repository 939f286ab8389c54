/**
 * An array in Postgres’ own notation, to be bound as text: pg would put it together too, but looks twice through every
 * value for what must be escaped, and a batch has thousands of values of which hardly one does.
 */
export function postgresArray(values: readonly (string | number | null | undefined)[]): string {
  let text = '{';
  let separator = '';
  for (const value of values) {
    text += separator + element(value);
    separator = ',';
  }
  return `${text}}`;
}

/** Words in quotation marks, because an empty one, `null` and a comma would else be read as something else. */
function element(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return `${value}`;
  return mustEscape.test(value) ? `"${value.replace(escaped, '\\$&')}"` : `"${value}"`;
}

const mustEscape = /["\\]/;
const escaped = /["\\]/g;
