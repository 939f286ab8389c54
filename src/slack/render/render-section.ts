import { formatUtc } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { Section, Value } from '#src/replies/reply.ts';
import type { Block, RichText } from '../block-kit.ts';
import type { Limits } from './limits.ts';
import { lines, own, piece, preformatted, words } from './rich-text.ts';
import { shorten } from './shorten.ts';

/**
 * A section of a reply: a heading, then its lines, or its table. The table block is allowed once per message and not
 * in modals (docs.slack.dev/reference/block-kit/blocks/table-block); elsewhere columns are aligned by spaces.
 */
export function renderSection(
  section: Section,
  limits: Limits,
  mayUseTable: boolean,
  whereAll: string,
): Block[] {
  const rows = section.table?.rows ?? section.lines ?? [];
  const heading = [words(section.heading, 120, { bold: true })];
  if (rows.length === 0) return [lines([heading, [words(section.empty ?? 'None.', limits.sentence)]])];
  const shown = rows.slice(0, limits.rows);
  const left = rows.length - shown.length;
  const notice = left > 0 ? [own(`… ${counted(left, 'more line')}; ${whereAll}`, { italic: true })] : null;
  if (!section.table) {
    return [lines([heading, ...shown.map((row) => spaced(row, limits)), ...(notice ? [notice] : [])])];
  }
  const columns = shownCells(section.table.columns, limits.columns);
  const cells = shown.map((row) => shownCells(row, limits.columns));
  const table = mayUseTable
    ? tableBlock(columns, cells, limits)
    : preformatted(alignedText(columns, cells, limits));
  return [lines([heading]), table, ...(notice ? [lines([notice])] : [])];
}

function spaced(row: readonly Value[], limits: Limits): RichText[] {
  return row
    .slice(0, 10)
    .flatMap((value, index) => [...(index === 0 ? [] : [own('  ')]), piece(value, limits.value)]);
}

/** Columns that do not fit leave a mark. */
function shownCells<T>(cells: readonly T[], max: number): (T | '…')[] {
  return cells.length <= max ? [...cells] : [...cells.slice(0, max - 1), '…' as const];
}

function tableBlock(columns: readonly string[], rows: readonly Value[][], limits: Limits): Block {
  const head = columns.map((column) => cell([words(column, limits.cell, { bold: true })]));
  const body = rows.map((row) => columns.map((_, index) => cell([piece(row[index] ?? '', limits.value)])));
  return { type: 'table', rows: [head, ...body] };
}

function cell(elements: RichText[]) {
  return {
    type: 'rich_text' as const,
    elements: [{ type: 'rich_text_section' as const, elements }],
  };
}

export function alignedText(columns: readonly string[], rows: readonly Value[][], limits: Limits): string {
  const texts = [
    columns.map((column) => cellText(column, limits.cell)),
    ...rows.map((row) => columns.map((_, index) => cellText(row[index] ?? '', limits.cell))),
  ];
  const widths = columns.map((_, index) => Math.max(...texts.map((row) => lengthOf(row[index] ?? ''))));
  return texts
    .map((row) =>
      row
        .map((text, index) => text + ' '.repeat((widths[index] ?? 0) - lengthOf(text)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellText(value: Value, max: number): string {
  if (typeof value === 'string') return shorten(value, max);
  return 'at' in value ? formatUtc(value.at) : shorten(value.code, max);
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
