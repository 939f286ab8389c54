import { isUtf8 } from 'node:buffer';

/** A column as Postgres has it; Lucy's schema knows no other types (decision 0003). */
export type CopyColumn = { name: string; type: 'text' | 'bigint' | 'integer' };

/** A value as SQLite gives it with safe integers on. */
export type CopyValue = string | bigint | number | Uint8Array | null;

/** Why a value cannot be in a column of Postgres. */
export type UnfitValue = { column: string; problem: string };

const bounds = {
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
} as const;

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/**
 * One row as a line of COPY's text format, byte for byte as Postgres itself writes it out again
 * (postgresql.org/docs/current/sql-copy.html, Text Format): so that a line's hash is the same on both sides.
 *
 * @param bytesOf the stored bytes of a text column, asked only where the text may not be what is stored
 */
export function copyLine(
  columns: readonly CopyColumn[],
  values: readonly CopyValue[],
  bytesOf: (column: string) => Uint8Array,
): string | UnfitValue {
  let line = '';
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index] as CopyColumn;
    const value = values[index] ?? null;
    const problem = value === null ? null : problemOf(column, value, bytesOf);
    if (problem !== null) return { column: column.name, problem };
    if (index > 0) line += '\t';
    line += value === null ? '\\N' : typeof value === 'string' ? escaped(value) : String(value);
  }
  return `${line}\n`;
}

function problemOf(
  { name, type }: CopyColumn,
  value: Exclude<CopyValue, null>,
  bytesOf: (column: string) => Uint8Array,
): string | null {
  if (type !== 'text') {
    if (typeof value !== 'bigint') return `holds ${kindOf(value)} where a whole number belongs`;
    const [least, most] = bounds[type];
    return value < least || value > most ? `holds ${value}, which is too large for Postgres’ ${type}` : null;
  }
  if (typeof value !== 'string') return `holds ${kindOf(value)} where text belongs`;
  if (value.includes('\0')) return 'holds a NUL character, which Postgres cannot store in text';
  // What is not UTF-8 reads as this character, which may also truly be there.
  if (value.includes('\uFFFD') && !isUtf8(bytesOf(name))) return 'holds bytes that are not UTF-8 text';
  return null;
}

function kindOf(value: Exclude<CopyValue, null>): string {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'object') return 'bytes';
  return typeof value === 'number' ? 'a fraction' : 'a number';
}

function escaped(text: string): string {
  return /[\\\b\f\n\r\t\v]/.test(text)
    ? text.replace(/[\\\b\f\n\r\t\v]/g, (character) => escapes[character] ?? character)
    : text;
}
