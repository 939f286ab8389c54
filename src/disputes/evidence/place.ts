import type { EvidencePartRow } from '#db/evidence-bundles.ts';

/** Where a bundle that is being made goes on. */
export type Place = {
  seq: number;
  table: string;
  /** `ai_usage-2.jsonl` */
  name: string;
  /** The row before the next one; null at a table's begin. */
  after: Record<string, unknown> | null;
};

/** The place after a part, or the first one; null when every table is done. A table is, once a part of it is not full. */
export function placeAfter(
  last: EvidencePartRow | undefined,
  tables: readonly string[],
  rowsOfPart: number,
): Place | null {
  if (!last) return first(tables[0], 1);
  const [, table = '', page = '1'] = /^(\w+?)(?:-(\d+))?\.jsonl$/.exec(last.name) ?? [];
  const lines = last.content.split('\n');
  if (lines.length - 1 < rowsOfPart) return first(tables[tables.indexOf(table) + 1], last.seq + 1);
  return {
    seq: last.seq + 1,
    table,
    name: `${table}-${Number(page) + 1}.jsonl`,
    after: JSON.parse(lines.at(-2) ?? ''),
  };
}

function first(table: string | undefined, seq: number): Place | null {
  return table === undefined ? null : { seq, table, name: `${table}.jsonl`, after: null };
}
