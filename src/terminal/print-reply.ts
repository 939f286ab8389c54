import Table from 'cli-table3';
import { formatUtc } from '#src/core/clock.ts';
import { defang } from '#src/core/text.ts';
import type { Reply, Section, Value } from '#src/replies/reply.ts';

/** A reply as text for a terminal: title, facts, tables, the block for the ticket, and what to do next. */
export function printReply(reply: Reply): string {
  const parts: string[] = [defang(reply.title)];
  if (reply.changes?.length) {
    parts.push(
      reply.changes
        .map((change) => `  ${defang(change.label)}: ${defang(change.before)} → ${defang(change.after)}`)
        .join('\n'),
    );
  }
  if (reply.facts?.length) {
    const width = Math.max(...reply.facts.map((fact) => fact.label.length));
    parts.push(
      reply.facts
        .map((fact) => `  ${defang(fact.label).padEnd(width)}  ${printValue(fact.value)}`)
        .join('\n'),
    );
  }
  for (const warning of reply.warnings ?? []) parts.push(`! ${defang(warning)}`);
  for (const section of reply.sections ?? []) parts.push(printSection(section));
  if (reply.paste) parts.push(`For the ticket:\n${indent(defang(reply.paste, true))}`);
  if (reply.hint) parts.push(defang(reply.hint));
  if (reply.correlationId) parts.push(`Correlation ID ${defang(reply.correlationId)}`);
  return `${parts.join('\n\n')}\n`;
}

function printSection(section: Section): string {
  const rows = section.table?.rows ?? section.lines ?? [];
  const heading = defang(section.heading);
  if (rows.length === 0) return `${heading}\n  ${defang(section.empty ?? 'None.')}`;
  if (!section.table) return `${heading}\n${indent(printLines(rows))}`;
  const table = new Table({
    head: section.table.columns,
    style: { head: [], border: [] },
    chars: plainFrame,
  });
  table.push(...rows.map((row) => row.map(printValue)));
  return `${heading}\n${indent(table.toString())}`;
}

/** What comes first in every line stands in one column, when there is more behind it. */
function printLines(lines: readonly Value[][]): string {
  const printed = lines.map((line) => line.map(printValue));
  const width = Math.max(...printed.map((line) => (line.length > 1 ? (line[0] ?? '').length : 0)));
  return printed
    .map(([first = '', ...rest]) => (rest.length > 0 ? [first.padEnd(width), ...rest].join('  ') : first))
    .join('\n');
}

export function printValue(value: Value): string {
  if (typeof value === 'string') return defang(value);
  if ('channel' in value) return `#${defang(value.name)}`;
  if ('link' in value) return defang(value.link);
  return 'at' in value ? formatUtc(value.at) : defang(value.code);
}

/** JSON whose text cannot reach the terminal as anything but text: invisible and turning characters are escaped. */
export function printJson(value: unknown): string {
  const escaped = JSON.stringify(value, null, 2).replace(/(?!\n)[\p{Cc}\p{Cf}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
  return `${escaped}\n`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Columns apart by spaces, one rule under the head: it survives being pasted into a ticket. */
const plainFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};
