import { isPlain } from './plain.ts';
import type { Scrub } from './scrub.ts';
import { scrubJson } from './scrub-json.ts';
import { filler, scrubCommand, scrubPhrase, scrubWord } from './scrub-text.ts';
import type { Treatment } from './table-rule.ts';
import { undecided } from './undecided.ts';

type Row = Record<string, unknown>;

/** A row as it may leave. A column without a treatment stops everything. */
export function anonymizeRow(
  table: string,
  columns: Readonly<Record<string, Treatment>>,
  row: Row,
  scrub: Scrub,
): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const treatment = columns[column];
      if (treatment === undefined) throw undecided(`${table}.${column}`);
      return [column, value === null ? null : treat(value, treatment, scrub)];
    }),
  );
}

function treat(value: unknown, treatment: Treatment, scrub: Scrub): unknown {
  if (treatment === 'keep') return value;
  if (treatment === 'null') return null;
  if (treatment === 'blank') return '';
  const text = String(value);
  const { pseudonyms } = scrub;
  switch (treatment) {
    case 'word':
      return scrubWord(text, scrub);
    case 'command':
      return scrubCommand(text, scrub);
    case 'id':
      return pseudonyms.id(text);
    case 'foreign':
      return pseudonyms.foreign(text);
    case 'plain':
      return isPlain(text) ? text : pseudonyms.id(text);
    case 'email':
      return pseudonyms.email(text);
    case 'name':
      return pseudonyms.name(text);
    case 'currency':
      return /^[a-z]{3}$/.test(text) ? text : pseudonyms.id(text);
    case 'mode':
      return 'test';
    case 'text':
      return filler(text);
    case 'phrase':
      return scrubPhrase(text, scrub);
    case 'hash':
      return pseudonyms.hash(text);
    case 'json':
      return scrubJson(text, scrub);
    case 'input':
      return scrubJson(text, scrub, 'input');
    case 'meta':
      return scrubJson(text, scrub, 'others');
  }
}
