import type { UserError } from '#src/core/errors.ts';
import { clamp, counted } from '#src/core/text.ts';
import { csvLine } from '#src/replies/csv.ts';
import { reportColumns } from './columns.ts';

/** A line of a file that cannot be carried out, with the column that is wrong and what to do about it. */
export type BadLine = {
  line: number;
  column: string;
  problem: string;
  hint: string;
  cells: readonly string[];
};

/** How many are shown where there is no room for all. */
export const BAD_SHOWN = 10;

/** As many as a report can carry; a file with more is wrong as a whole. */
const REPORT_MAX = 50_000;

/**
 * Every bad line as CSV, once with all that is wrong with it and with what the file said: to be mended there and handed
 * in again.
 */
export function badLinesCsv(header: readonly string[], bad: readonly BadLine[]): string {
  const byLine = new Map<number, BadLine[]>();
  for (const one of bad.slice(0, REPORT_MAX)) byLine.set(one.line, [...(byLine.get(one.line) ?? []), one]);
  const rows = [...byLine].map(([line, problems]) => {
    const cells = header.map((_column, index) => problems[0]?.cells[index] ?? '');
    const all = (said: (one: BadLine) => string) => [...new Set(problems.map(said))].join(' ');
    const columns = problems.map(({ column }) => column).join('; ');
    return csvLine([line, columns, all(({ problem }) => problem), all(({ hint }) => hint), ...cells]);
  });
  return [csvLine([...reportColumns, ...header]), ...rows].join('');
}

/** `Line 7, credits: Credits are whole: no fractions.` */
export function badLineWords({ line, column, problem }: BadLine): string {
  return `Line ${line}, ${column}: ${clamp(problem, 200)}`;
}

/** `3 of 120 lines`: lines, not problems. */
export function badCount(bad: readonly BadLine[], total: number): string {
  const lines = new Set(bad.map(({ line }) => line)).size;
  return `${lines.toLocaleString('en-US')} of ${counted(total, 'line')}`;
}

export function badLineOf(
  line: number,
  column: string,
  cells: readonly string[],
  error: Pick<UserError, 'message' | 'hint'>,
): BadLine {
  return { line, column, problem: error.message, hint: error.hint, cells };
}
