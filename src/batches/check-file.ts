import type { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import { fieldError } from '#src/core/errors.ts';
import type { BadLine } from './bad-line.ts';
import { type Columns, readColumns, withoutReportColumns } from './columns.ts';
import { readKeptFile } from './keep-file.ts';
import { type CsvRecord, readCsv } from './read-csv.ts';

const LINES_MAX = 50_000;

/** A line that says what it should; whether it can be carried out, the database knows. */
export type Line<R> = { line: number; row: R; cells: readonly string[] };

export type CheckedFile<R> = {
  id: string;
  name: string;
  header: readonly string[];
  lines: Line<R>[];
  bad: BadLine[];
  /** Without the header. */
  total: number;
  /** It ends in the middle of a line, so that nobody knows what else it would say. */
  isBroken: boolean;
};

/** How the lines of a kind of file are read: its columns, a schema for each, and what to do when one is wrong. */
export type FileKind<S extends z.ZodObject> = {
  columns: Columns;
  schema: S;
  hints: { [column in keyof z.infer<S> & string]-?: string };
};

/** Reads a kept file and checks each line by itself, by the same fields as a single command. */
export async function checkFile<S extends z.ZodObject>(
  sql: Sql,
  fileId: string,
  kind: FileKind<S>,
): Promise<CheckedFile<z.infer<S>>> {
  const { id, name, content } = await readKeptFile(sql, fileId);
  const { records, brokenAt } = await readCsv(content);
  const [header, ...body] = withoutReportColumns(records, kind.columns);
  if (!header)
    throw fieldError('file', `The file ${name} is empty.`, 'Choose the file with the lines in it.');
  const places = readColumns(header.cells, kind.columns);
  if (body.length === 0 && brokenAt === null)
    throw fieldError('file', `The file ${name} has a header and no lines.`, 'Add a line for each customer.');
  if (body.length > LINES_MAX) {
    const message = `The file ${name} has ${body.length.toLocaleString('en-US')} lines; Lucy takes ${LINES_MAX.toLocaleString('en-US')} at once.`;
    throw fieldError('file', message, 'Split it into several files.');
  }
  const checked = body.map((record) => checkLine(record, header.cells, places, kind));
  return {
    id,
    name,
    header: header.cells,
    lines: checked.flatMap(({ good }) => (good ? [good] : [])),
    bad: [...checked.flatMap(({ bad }) => bad), ...brokenLine(brokenAt)],
    total: body.length + (brokenAt === null ? 0 : 1),
    isBroken: brokenAt !== null,
  };
}

function checkLine<S extends z.ZodObject>(
  { line, cells }: CsvRecord,
  header: readonly string[],
  places: ReadonlyMap<string, number>,
  { schema, hints }: FileKind<S>,
): { good: Line<z.infer<S>> | null; bad: BadLine[] } {
  if (cells.slice(header.length).some((cell) => cell !== ''))
    return { good: null, bad: [tooManyCells(line, cells, header)] };
  const raw: Record<string, string> = {};
  for (const [column, index] of places) {
    const cell = cells[index] ?? '';
    if (cell !== '') raw[column] = cell;
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { good: { line, row: parsed.data, cells }, bad: [] };
  const seen = new Map<string, BadLine>();
  for (const issue of parsed.error.issues) {
    const column = String(issue.path[0] ?? '');
    const hint = (hints as Record<string, string>)[column] ?? 'Correct it in the file.';
    if (!seen.has(column)) seen.set(column, { line, column, problem: issue.message, hint, cells });
  }
  return { good: null, bad: [...seen.values()] };
}

function tooManyCells(line: number, cells: readonly string[], header: readonly string[]): BadLine {
  return {
    line,
    column: `${header.length + 1}`,
    problem: `There are ${cells.length} values for ${header.length} columns.`,
    hint: 'Put a value that holds a comma or a semicolon in quotation marks.',
    cells,
  };
}

function brokenLine(brokenAt: number | null): BadLine[] {
  if (brokenAt === null) return [];
  const problem = 'A quotation mark is opened here and never closed, so nothing from here on could be read.';
  return [{ line: brokenAt, column: 'line', problem, hint: 'Close it, or take it out.', cells: [] }];
}
