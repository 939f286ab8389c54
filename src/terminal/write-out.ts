import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '#src/core/errors.ts';
import { fileBytes, sizeInWords } from '#src/replies/file-bytes.ts';
import type { Reply } from '#src/replies/reply.ts';

export function hasFile(reply: Reply): boolean {
  return reply.file !== undefined || reply.picture !== undefined;
}

/** Says where the file of a reply is now, or how to get it. A terminal is never given bytes. */
export function withWayToFile(reply: Reply, written: string | null): Reply {
  const name = reply.file?.name ?? reply.picture?.name;
  if (name === undefined) return reply;
  const kind = reply.file ? 'file' : 'picture';
  const said = written ?? `A ${kind} goes with it: add --out ${name} to get it.`;
  return { ...reply, hint: reply.hint ? `${reply.hint} ${said}` : said };
}

export function noFile(): UserError {
  return new UserError(
    'usage',
    'This answer has no file, so nothing was written.',
    'Leave --out out, or redirect the words themselves with >.',
  );
}

/**
 * Writes the file or picture of a reply to the disk, and never over another file.
 *
 * @returns a sentence about what was written
 */
export async function writeOut(reply: Reply, out: string): Promise<string> {
  const bytes = reply.file ? fileBytes(reply.file) : (await reply.picture?.draw())?.png;
  if (!bytes) throw noFile();
  const path = resolve(out);
  try {
    await writeFile(path, bytes, { flag: 'wx' });
  } catch (error) {
    throw notWritten(path, error);
  }
  return `Written to ${path} (${sizeInWords(bytes.length)}).`;
}

function notWritten(path: string, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EEXIST')
    return new UserError(
      'conflict',
      `${path} is there already and was left as it is.`,
      'Choose another name.',
    );
  return new UserError(
    'unavailable',
    `${path} could not be written${code ? ` (${code})` : ''}.`,
    'Choose a folder that exists and that you may write to.',
  );
}
