import { type CsvError, parse } from 'csv-parse';

/** A record with the line of the file that it ends on, counted from 1. */
export type CsvRecord = { line: number; cells: string[] };

export type ReadCsv = {
  records: CsvRecord[];
  /** From this line on nothing could be read, because a quotation mark is never closed. */
  brokenAt: number | null;
};

/**
 * Reads CSV (RFC 4180) with commas, semicolons or tabs, whichever the header has most of, and any line ends. A stray
 * quotation mark is part of its cell, so that the other lines can still be checked.
 */
export async function readCsv(text: string): Promise<ReadCsv> {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const records: CsvRecord[] = [];
  const parser = parse({
    delimiter: delimiterOf(plain),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    ltrim: true,
    on_record(cells: string[], { lines }) {
      const trimmed = cells.map(trimmedCell);
      // A spreadsheet saves the rows below the last one as delimiters alone.
      if (trimmed.some((cell) => cell !== '')) records.push({ line: lines, cells: trimmed });
      return null;
    },
  });
  return new Promise((resolve, reject) => {
    parser.on('end', () => resolve({ records, brokenAt: null }));
    parser.on('error', (error: CsvError) =>
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? resolve({ records, brokenAt: (records.at(-1)?.line ?? 0) + 1 })
        : reject(error),
    );
    parser.resume();
    parser.end(plain);
  });
}

/** Blanks behind the closing quotation mark make the parser take the marks for a part of the value. */
function trimmedCell(cell: string): string {
  return cell.trim().replace(/^"([^"]*)"$/, '$1');
}

function delimiterOf(text: string): string {
  const header = text.trimStart().split('\n', 1)[0] ?? '';
  const counted = [',', ';', '\t'].map((mark) => ({ mark, count: header.split(mark).length }));
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).mark;
}
