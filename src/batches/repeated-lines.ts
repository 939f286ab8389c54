import { canonicalJson } from '#src/core/fingerprint.ts';
import { type BadLine, badLineOf } from './bad-line.ts';
import type { Line } from './check-file.ts';

/** Lines that say the very same as one before them, by their number. */
export function repeatedLines(lines: readonly Line<unknown>[]): Map<number, BadLine> {
  const first = new Map<string, number>();
  const repeated = new Map<number, BadLine>();
  for (const { line, row, cells } of lines) {
    const said = canonicalJson(row);
    const before = first.get(said);
    if (before === undefined) first.set(said, line);
    else {
      const message = `It says the very same as line ${before}.`;
      const hint = 'Leave it out. If it is meant twice, add --allow-repeats.';
      repeated.set(line, badLineOf(line, 'line', cells, { message, hint }));
    }
  }
  return repeated;
}
