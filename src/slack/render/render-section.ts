import { counted } from '#src/core/text.ts';
import type { Section, Value } from '#src/replies/reply.ts';
import type { Block, RichText } from '../block-kit.ts';
import type { Limits } from './limits.ts';
import { lines, own, phrase, pieces, words } from './rich-text.ts';
import { shorten } from './shorten.ts';

/**
 * A section of a reply: a heading, then its lines, or its table. The table block is allowed once per message and not
 * in modals (docs.slack.dev/reference/block-kit/blocks/table-block); elsewhere every row is a line that names its
 * columns, for columns aligned by spaces wrap and then cannot be read.
 */
export function renderSection(
  section: Section,
  limits: Limits,
  mayUseTable: boolean,
  whereAll: string,
): Block[] {
  const rows = section.table?.rows ?? section.lines ?? [];
  const heading = [words(section.heading, 120, { bold: true })];
  if (rows.length === 0) return [lines([heading, phrase(section.empty ?? 'None.', limits.sentence)])];
  const shown = rows.slice(0, limits.rows);
  const left = rows.length - shown.length;
  const notice = left > 0 ? [[own(`… ${counted(left, 'more line')}; ${whereAll}`, { italic: true })]] : [];
  if (!section.table) return [lines([heading, ...shown.map((row) => spaced(row, limits)), ...notice])];
  const columns = shownCells(section.table.columns, limits.columns);
  const cells = shown.map((row) => shownCells(row, limits.columns));
  if (!mayUseTable)
    return [lines([heading, ...cells.map((row) => namedCells(columns, row, limits)), ...notice])];
  return [
    lines([heading]),
    tableBlock(columns, cells, limits),
    ...(notice.length > 0 ? [lines(notice)] : []),
  ];
}

function spaced(row: readonly Value[], limits: Limits): RichText[] {
  return row
    .slice(0, 10)
    .flatMap((value, index) => [...(index === 0 ? [] : [own('  ')]), ...pieces(value, limits.value)]);
}

/** Columns that do not fit leave a mark. */
function shownCells<T>(cells: readonly T[], max: number): (T | '…')[] {
  return cells.length <= max ? [...cells] : [...cells.slice(0, max - 1), '…' as const];
}

function tableBlock(columns: readonly string[], rows: readonly Value[][], limits: Limits): Block {
  const head = columns.map((column) => cell([words(column, limits.cell, { bold: true })]));
  const body = rows.map((row) => columns.map((_, index) => cell(pieces(row[index] ?? '', limits.value))));
  return { type: 'table', rows: [head, ...body] };
}

function cell(elements: RichText[]) {
  return {
    type: 'rich_text' as const,
    elements: [{ type: 'rich_text_section' as const, elements }],
  };
}

/** The first cell says what the row is about; of the others, what is empty is left out. */
function namedCells(columns: readonly string[], row: readonly Value[], limits: Limits): RichText[] {
  const [first = '', ...others] = row;
  return [
    own('• '),
    ...pieces(oneLine(first, limits), limits.value, { bold: true }),
    ...others.flatMap((value, index) => {
      if (value === '' || value === '–') return [];
      const label = shorten(columns[index + 1] ?? '', limits.cell);
      return [own(` · ${label === '' ? '' : `${label}: `}`), ...pieces(oneLine(value, limits), limits.value)];
    }),
  ];
}

function oneLine(value: Value, limits: Limits): Value {
  return typeof value === 'string' ? shorten(value, limits.value) : value;
}
