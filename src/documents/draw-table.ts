import { printable } from './printable.ts';
import { type Sheet, sizes } from './sheet.ts';

type Table = {
  columns: readonly { title?: string; share: number }[];
  rows: readonly (readonly string[])[];
  /** The first column says what the others are. */
  firstIsLabel: boolean;
};

type Cell = { text: string; x: number; width: number; isBold: boolean };

const PAD = 4;
/** A cell is cut rather than filling a page. */
const LETTERS_MAX = 1_500;

/** Rows with lines between them; long words wrap, and the head is repeated on every page. */
export function drawTable(sheet: Sheet, table: Table): void {
  const head = table.columns.map(({ title = '' }) => title);
  const hasHead = head.some((title) => title !== '');
  const drawHead = () => {
    if (hasHead) drawRow(sheet, cellsOf(sheet, table, head, true), true);
  };
  drawHead();
  for (const row of table.rows) {
    const cells = cellsOf(sheet, table, row, false);
    if (sheet.y + heightOf(sheet, cells) > sheet.page.maxY()) {
      sheet.addPage();
      drawHead();
    }
    drawRow(sheet, cells, false);
  }
  sheet.x = sheet.page.margins.left;
  sheet.moveDown(0.6);
}

function cellsOf(
  sheet: Sheet,
  { columns, firstIsLabel }: Table,
  row: readonly string[],
  isHead: boolean,
): Cell[] {
  const { left, right } = sheet.page.margins;
  const room = sheet.page.width - left - right;
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x = left;
  return columns.map(({ share }, index) => {
    const width = (room * share) / shares;
    const text = printable(row[index] ?? '').slice(0, LETTERS_MAX);
    const cell = { text, x, width: width - 2 * PAD, isBold: isHead || (firstIsLabel && index === 0) };
    x += width;
    return cell;
  });
}

function heightOf(sheet: Sheet, cells: readonly Cell[]): number {
  const heights = cells.map((cell) => {
    sheet.font(cell.isBold ? 'bold' : 'regular').fontSize(sizes.cell);
    return sheet.heightOfString(cell.text || ' ', { width: cell.width });
  });
  return Math.max(...heights) + 2 * PAD;
}

function drawRow(sheet: Sheet, cells: readonly Cell[], isHead: boolean): void {
  const { y } = sheet;
  const height = heightOf(sheet, cells);
  const { left, right } = sheet.page.margins;
  const end = sheet.page.width - right;
  if (isHead) sheet.rect(left, y, end - left, height).fill(sizes.shade);
  for (const cell of cells) {
    sheet
      .font(cell.isBold ? 'bold' : 'regular')
      .fontSize(sizes.cell)
      .fillColor(sizes.ink);
    sheet.text(cell.text, cell.x + PAD, y + PAD, { width: cell.width });
  }
  sheet
    .moveTo(left, y + height)
    .lineTo(end, y + height)
    .lineWidth(0.5)
    .strokeColor(sizes.line)
    .stroke();
  sheet.y = y + height;
}
