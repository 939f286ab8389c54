import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { isRecord, type Json, recordsAt, textAt } from '../read-json.ts';
import type { BlockProps } from './blocks.ts';
import { RichText } from './rich-text-block.ts';

/** A table; its first row is the heading. */
export function TableBlock({ block }: BlockProps): VNode {
  const settings = Array.isArray(block.column_settings) ? block.column_settings : [];
  const align = (column: number) =>
    (isRecord(settings[column]) ? textAt(settings[column], 'align') : '') || 'left';
  const rows = Array.isArray(block.rows) ? block.rows : [];
  return html`<div class="block-table" tabindex="0" role="region" aria-label="Table">
    <table>
      ${rows.map((row, index) => {
        const cells: Json[] = Array.isArray(row) ? row.filter(isRecord) : [];
        const Cell = index === 0 ? 'th' : 'td';
        return html`<tr>${cells.map((cell, column) => html`<${Cell} data-align=${align(column)}>${drawCell(cell)}</${Cell}>`)}</tr>`;
      })}
    </table>
  </div>`;
}

function drawCell(cell: Json): VNode | string {
  if (cell.type === 'rich_text') return html`<${RichText} elements=${recordsAt(cell, 'elements')} />`;
  return textAt(cell, 'text') || textAt(cell, 'value');
}
