import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { FILE_MAX_BYTES } from '#src/batches/decode-text.ts';
import { keepFile, keptFileId } from '#src/batches/keep-file.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import { fileInputsOf } from '#src/runner/file-field.ts';
import type { Request, Runner } from '#src/runner/runner.ts';
import { authoriseOrAudit } from '#src/runner/start-run.ts';

/**
 * Reads the files that were named, `-` being what comes through a pipe, and puts their ids in the place of their names.
 * Whoever may not run the command hands nothing in.
 *
 * @param readInput what comes through the pipe, to the end or to the limit
 */
export async function handInFiles(
  runner: Runner,
  request: Request,
  readInput: ((maxBytes: number) => Promise<Uint8Array>) | undefined,
): Promise<void> {
  for (const name of fileInputsOf(request.command)) {
    const path = request.raw[name];
    if (typeof path !== 'string' || keptFileId.test(path)) continue;
    await authoriseOrAudit(runner, request);
    const bytes = path === '-' ? await readPipe(readInput) : await readFile(path);
    const file = { name: path === '-' ? 'stdin.csv' : basename(path), bytes, now: runner.clock.now() };
    request.raw[name] = await keepFile(runner.database.knex, file);
  }
}

async function readPipe(
  readInput: ((maxBytes: number) => Promise<Uint8Array>) | undefined,
): Promise<Uint8Array> {
  if (readInput) return readInput(FILE_MAX_BYTES + 1);
  throw fieldError(
    'file',
    'Nothing comes through a pipe.',
    'Name the file instead, or: cat customers.csv | lucy …',
  );
}

/** One byte more than the limit is enough to know that it is too large. */
async function readFile(path: string): Promise<Uint8Array> {
  const file = await open(path).catch((error) => {
    throw notReadable(path, error);
  });
  try {
    const bytes = Buffer.alloc(FILE_MAX_BYTES + 1);
    let size = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, size, bytes.length - size, size);
      size += bytesRead;
      if (bytesRead === 0 || size === bytes.length) return bytes.subarray(0, size);
    }
  } catch (error) {
    throw notReadable(path, error);
  } finally {
    await file.close();
  }
}

function notReadable(path: string, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT')
    return new UserError(
      'not_found',
      `There is no file ${path}.`,
      'Name it as seen from the folder you are in.',
    );
  const why = code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'you may not read it' : code;
  return new UserError(
    'unavailable',
    `${path} could not be read: ${why}.`,
    'Name a CSV file that you may read.',
  );
}
