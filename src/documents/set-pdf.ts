import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PdfDocument from 'pdfkit';
import type { Block, Document } from './document.ts';
import { drawTable } from './draw-table.ts';
import { printable } from './printable.ts';
import { type Sheet, sizes } from './sheet.ts';

const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

export type Pdf = { bytes: Uint8Array; pages: number };

/**
 * Sets a document as a PDF on A4, with its own fonts in it, so that it reads the same everywhere. The same document gives
 * the same bytes.
 */
export async function setPdf(document: Document): Promise<Pdf> {
  const sheet = openSheet(document);
  const bytes = collect(sheet);
  drawHead(sheet, document);
  for (const block of document.blocks) drawBlock(sheet, block);
  const pages = numberPages(sheet, document.foot);
  sheet.end();
  return { bytes: await bytes, pages };
}

function openSheet({ title, author, datedAt }: Document): Sheet {
  const date = new Date(datedAt);
  const sheet = new PdfDocument({
    size: 'A4',
    margins: { top: 56, bottom: 64, left: 56, right: 56 },
    // The numbers say “of how many”, so they come last.
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: printable(title), Author: author, Producer: 'Lucy', Creator: 'Lucy', CreationDate: date },
  });
  sheet.registerFont('regular', join(fonts, 'DejaVuSans.ttf'));
  sheet.registerFont('bold', join(fonts, 'DejaVuSans-Bold.ttf'));
  return sheet;
}

function collect(sheet: Sheet): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    sheet.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    sheet.on('error', reject);
    sheet.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

function drawHead(sheet: Sheet, { title, about }: Document): void {
  sheet.font('bold').fontSize(sizes.title).fillColor(sizes.ink).text(printable(title));
  sheet.moveDown(0.3).font('regular').fontSize(sizes.text).fillColor(sizes.grey);
  for (const line of about) sheet.text(printable(line));
  sheet.moveDown(0.6);
}

function drawBlock(sheet: Sheet, block: Block): void {
  switch (block.kind) {
    case 'heading':
      drawHeading(sheet, block.text);
      return;
    case 'text':
      sheet.font('regular').fontSize(sizes.text).fillColor(sizes.ink);
      sheet.text(printable(block.text, true), { lineGap: 1.5 }).moveDown(0.5);
      return;
    case 'facts':
      drawTable(sheet, {
        columns: [{ share: 3 }, { share: 10 }],
        rows: block.facts.map(({ label, value }) => [label, value]),
        firstIsLabel: true,
      });
      return;
    case 'table':
      if (block.rows.length > 0) drawTable(sheet, { ...block, firstIsLabel: false });
      else {
        sheet.font('regular').fontSize(sizes.text).fillColor(sizes.grey);
        sheet.text(printable(block.empty)).moveDown(0.5);
      }
  }
}

/** Never alone at the foot of a page. */
function drawHeading(sheet: Sheet, text: string): void {
  if (sheet.y > sheet.page.maxY() - 70) sheet.addPage();
  sheet.moveDown(0.6).font('bold').fontSize(sizes.heading).fillColor(sizes.ink);
  sheet.text(printable(text), sheet.page.margins.left).moveDown(0.35);
}

/** @returns how many pages there are */
function numberPages(sheet: Sheet, foot: string): number {
  const { count } = sheet.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    sheet.switchToPage(page);
    const { margins, width, height } = sheet.page;
    const y = height - 42;
    // Below the margin pdfkit would begin another page.
    margins.bottom = 0;
    sheet.font('regular').fontSize(sizes.foot).fillColor(sizes.grey);
    const room = width - margins.left - margins.right;
    sheet.text(printable(foot), margins.left, y, { width: room - 90, lineBreak: false, ellipsis: true });
    sheet.text(`Page ${page + 1} of ${count}`, margins.left, y, {
      width: room,
      align: 'right',
      lineBreak: false,
    });
  }
  return count;
}
