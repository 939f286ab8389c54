import type { IncomingMessage } from 'node:http';

/** The body, or why there is none. */
export type Body = { ok: true; bytes: Buffer } | { ok: false; problem: 'too_large' | 'aborted' };

/** How much of a refused body is still read, so that its sender can read the answer instead of a reset. */
const DRAIN_BYTES_MAX = 64 * 1024 * 1024;

/** Reads the raw bytes up to a limit. What goes beyond is read and dropped, not kept. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    if (Number(request.headers['content-length'] ?? 0) > limitBytes)
      resolve({ ok: false, problem: 'too_large' });
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve({ ok: false, problem: 'too_large' });
        if (size > DRAIN_BYTES_MAX) request.destroy();
      }
    });
    request.on('end', () => resolve({ ok: true, bytes: Buffer.concat(chunks) }));
    request.on('error', () => resolve({ ok: false, problem: 'aborted' }));
    request.on('close', () => resolve({ ok: false, problem: 'aborted' }));
  });
}
