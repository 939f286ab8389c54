import { fieldError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';
import type { CsvRecord } from './read-csv.ts';

/** The columns of a kind of file; the first ones up to `needed` must be there. */
export type Columns = { names: readonly string[]; needed: readonly string[] };

/** Which cell of a record is which column, whatever the order, the case and the spaces of the header. */
export function readColumns(header: readonly string[], columns: Columns): Map<string, number> {
  const places = new Map<string, number>();
  for (const [index, typed] of header.entries()) {
    const name = normal(typed);
    if (!columns.names.includes(name)) throw unknownColumn(typed, index, columns);
    if (places.has(name)) throw wrong(`The column ${name} is there twice.`, 'Leave one of them out.');
    places.set(name, index);
  }
  const missing = columns.needed.filter((name) => !places.has(name));
  if (missing.length === 0) return places;
  throw wrong(
    `The first line has no column ${listed(missing)}.`,
    `It names the columns, for example: ${columns.names.join(',')}`,
  );
}

/** Columns that the report of bad lines has before those of the file: whoever mends it hands it in as it is. */
export const reportColumns = ['line', 'column', 'problem', 'what_to_do'] as const;

/** The records without the report's own columns, so that a mended report is a file like any other. */
export function withoutReportColumns(records: readonly CsvRecord[], columns: Columns): CsvRecord[] {
  const own = new Set(
    (records[0]?.cells ?? []).flatMap((typed, index) => {
      const name = normal(typed);
      return reportColumns.some((one) => one === name) && !columns.names.includes(name) ? [index] : [];
    }),
  );
  return records.map((record) =>
    own.size === 0 ? record : { ...record, cells: record.cells.filter((_cell, index) => !own.has(index)) },
  );
}

/** `Stripe Customer`, `stripe-customer` and `STRIPE_CUSTOMER` are one name. */
function normal(typed: string): string {
  return typed
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

function unknownColumn(typed: string, index: number, { names }: Columns) {
  const named = typed.trim() === '' ? `Column ${index + 1} has no name.` : `There is no column “${typed}”.`;
  return wrong(named, `The first line names the columns: ${listed(names)}. Leave out what is none of them.`);
}

function wrong(message: string, hint: string) {
  return fieldError('file', message, hint);
}
