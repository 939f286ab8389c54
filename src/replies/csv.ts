import { defang } from '#src/core/text.ts';

export type Cell = string | number | null;

/**
 * A line of CSV (RFC 4180: quoted, comma, CRLF) that a spreadsheet cannot execute. What would begin as a formula gets
 * a `'` before it (owasp.org/www-community/attacks/CSV_Injection), also behind a semicolon, tab or line break in the
 * cell, where a spreadsheet of another language begins a cell of its own.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * Full-width forms too: some spreadsheets take `＝` for `=`. Blanks and quotes before it are stepped over, because a
 * spreadsheet may drop them.
 */
const formula = /(?<=(?:^|[;\t\n])[\s"']*)[=+\-@＝＋－﹣−＠]/g;

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  // A number is nothing but a number, negative or not.
  if (typeof cell === 'number') return String(cell);
  const text = defang(cell.replace(/\r\n?/g, '\n'), true).replace(formula, "'$&");
  const isTabbed = text.startsWith('\t') || text.startsWith('\n');
  return `"${(isTabbed ? `'${text}` : text).replaceAll('"', '""')}"`;
}
