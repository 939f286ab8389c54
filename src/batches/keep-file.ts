import type { Sql } from '#db/connection.ts';
import { type FileRow, findFile, keepFileRow } from '#db/files.ts';
import { fieldError } from '#src/core/errors.ts';
import { canonicalJson, sha256 } from '#src/core/fingerprint.ts';
import { clamp, defang } from '#src/core/text.ts';
import { decodeText } from './decode-text.ts';
import { readCsv } from './read-csv.ts';

/** How a file that was handed in is named in the input of a run. */
export const keptFileId = /^file_[0-9a-f]{64}$/;

/**
 * Keeps what somebody handed in, so that the preview, the approver and whoever carries it out have the same bytes.
 * Returns its id, which is made of its records: the same file again is the same input, and saving it with other line
 * ends, quotation marks or delimiters makes no other one of it.
 */
export async function keepFile(
  sql: Sql,
  file: { name: string; bytes: Uint8Array; now: number },
): Promise<string> {
  const name = clamp(defang(file.name).trim(), 100) || 'file.csv';
  const content = decodeText(name, file.bytes);
  const id = `file_${sha256(canonicalJson(await readCsv(content)))}`;
  await keepFileRow(sql, { id, name, size: file.bytes.length, content, created_at: file.now });
  return id;
}

/** @throws UserError when it is not kept, or not any more */
export async function readKeptFile(sql: Sql, id: string): Promise<FileRow> {
  const file = keptFileId.test(id) ? await findFile(sql, id) : undefined;
  if (file) return file;
  throw fieldError('file', 'Lucy does not have this file, or not any more.', 'Hand it in again.');
}
