import { type CopyColumn, copyLine, type UnfitValue } from '#db/copy-lines.ts';
import type { CopySource } from '#db/copy-source.ts';
import { counted } from '#src/core/text.ts';
import type { Digest } from './digest.ts';

/** A row that Postgres cannot hold, and where it is. */
export type UnfitRow = UnfitValue & { table: string; rowid: bigint };

export type StreamedTable = { name: string; columns: readonly CopyColumn[] };

/** What goes to Postgres at once; a longer row goes alone. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * The rows of a table as COPY lines, in chunks; memory holds one chunk, however large the table is.
 *
 * @param onUnfit may throw, or let the row be left out
 * @param onRows how many more rows went by
 */
export function* streamTable(
  source: CopySource,
  table: StreamedTable,
  digest: Digest,
  onUnfit: (row: UnfitRow) => void,
  onRows: (rows: number) => void,
): Generator<string> {
  let chunk = '';
  let rows = 0;
  const names = table.columns.map(({ name }) => name);
  for (const [rowid, ...values] of source.rows(table.name, names)) {
    const line = copyLine(table.columns, values, (column) => source.bytesOf(table.name, rowid, column));
    rows++;
    if (typeof line !== 'string') {
      onUnfit({ ...line, table: table.name, rowid });
      continue;
    }
    digest.add(line);
    chunk += line;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    onRows(rows);
    rows = 0;
    yield chunk;
    chunk = '';
  }
  onRows(rows);
  if (chunk.length > 0) yield chunk;
}

/** The checksum of what a stream of COPY lines brings, however it is cut. */
export async function digestLines(
  chunks: AsyncIterable<Uint8Array>,
  digest: Digest,
  onRows: (rows: number) => void,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk);
    const before = digest.rows();
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      digest.add(bytes.subarray(start, end + 1));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    onRows(digest.rows() - before);
  }
  if (rest.length > 0) digest.add(rest);
}

export function unfitSentence({ table, column, rowid, problem }: UnfitRow): string {
  return `${table}.${column} of the row with the rowid ${rowid} ${problem}.`;
}

/** How much is done, for a person who waits. */
export function progressWords(done: number, total: number, tables: string, doing: string): string {
  return `${doing}: ${tables}, ${done.toLocaleString('en-US')} of ${counted(total, 'row')}`;
}
