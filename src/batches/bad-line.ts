import type { UserError } from '#src/core/errors.ts';
import { clamp, counted } from '#src/core/text.ts';
import { csvLine } from '#src/replies/csv.ts';

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

/** Every bad line as CSV, with what the file said, to mend it there. */
export function badLinesCsv(header: readonly string[], bad: readonly BadLine[]): string {
  const rows = bad.slice(0, REPORT_MAX).map((line) => {
    const cells = header.map((_column, index) => line.cells[index] ?? '');
    return csvLine([line.line, line.column, line.problem, line.hint, ...cells]);
  });
  return [csvLine(['line', 'column', 'problem', 'what_to_do', ...header]), ...rows].join('');
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
