import { isRecord, type Json, recordAt, recordsAt, textAt } from '../json.ts';
import type { NameOf } from './name-of.ts';

/** What a person reads in some blocks, top to bottom, one line per piece, marks and entities as sent. */
export function readableBlocks(blocks: readonly Json[], nameOf: NameOf): string {
  return blocks.flatMap((block) => linesOf(block, nameOf)).join('\n');
}

const textOf = (value: Json, key: string): string => textAt(recordAt(value, key) ?? {}, 'text');

function linesOf(block: Json, nameOf: NameOf): string[] {
  switch (block.type) {
    case 'section':
      return present([
        textOf(block, 'text'),
        ...recordsAt(block, 'fields').map((field) => textAt(field, 'text')),
        ...elementLines(recordAt(block, 'accessory')),
      ]);
    case 'header':
    case 'alert':
      return [textOf(block, 'text')];
    case 'markdown':
      return [textAt(block, 'text')];
    case 'context':
      return [
        recordsAt(block, 'elements')
          .map((part) => textAt(part, 'text') || textAt(part, 'alt_text'))
          .join(' '),
      ];
    case 'actions':
      return [recordsAt(block, 'elements').flatMap(elementLines).join(' ')];
    case 'input':
      return present([textOf(block, 'label'), textOf(block, 'hint')]);
    case 'image':
      return present([textOf(block, 'title'), textAt(block, 'alt_text')]);
    case 'table':
      return rowsOf(block, nameOf);
    case 'rich_text':
      return recordsAt(block, 'elements').map((element) => inlineText(element, nameOf));
    default:
      return [];
  }
}

function elementLines(element: Json | null): string[] {
  if (!element) return [];
  const label = textOf(element, 'text') || textOf(element, 'placeholder') || textAt(element, 'alt_text');
  return label === '' ? [] : [`[${label}]`];
}

function rowsOf(table: Json, nameOf: NameOf): string[] {
  const rows = Array.isArray(table.rows) ? table.rows : [];
  return rows.map((row) =>
    (Array.isArray(row) ? row.map((cell) => (isRecord(cell) ? inlineText(cell, nameOf) : '')) : []).join(
      ' | ',
    ),
  );
}

function inlineText(element: Json, nameOf: NameOf): string {
  const inner = recordsAt(element, 'elements');
  if (inner.length > 0) {
    return inner.map((part) => inlineText(part, nameOf)).join(element.type === 'rich_text_list' ? '\n' : '');
  }
  const mentioned =
    textAt(element, 'user_id') || textAt(element, 'usergroup_id') || textAt(element, 'channel_id');
  if (mentioned !== '') return nameOf(mentioned);
  // Which time zone a person reads in is not known here.
  if (element.type === 'date') return textAt(element, 'fallback');
  if (element.type === 'broadcast') return `@${textAt(element, 'range')}`;
  return textAt(element, 'text') || textAt(element, 'url') || textAt(element, 'name');
}

const present = (lines: string[]): string[] => lines.filter((line) => line !== '');
