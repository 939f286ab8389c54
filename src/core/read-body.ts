import type { IncomingMessage } from 'node:http';

/** The body, or why there is none. */
export type Body = { ok: true; bytes: Buffer } | { ok: false; problem: 'too_large' | 'too_slow' | 'aborted' };

/** How much of a refused body is still read, so that its sender can read the answer instead of a reset. */
const DRAIN_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Reads the raw bytes up to a limit. What goes beyond is read and dropped, not kept.
 *
 * @param timeoutMs how long it may take, where somebody else waits for the answer; left out: as long as the server lets it
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  timeoutMs: number | null = null,
): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer =
      timeoutMs === null ? null : setTimeout(() => end({ ok: false, problem: 'too_slow' }), timeoutMs);
    const end = (body: Body) => {
      if (timer) clearTimeout(timer);
      resolve(body);
    };
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) end({ ok: false, problem: 'too_large' });
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        end({ ok: false, problem: 'too_large' });
        if (size > DRAIN_BYTES_MAX) request.destroy();
      }
    });
    request.on('end', () => end({ ok: true, bytes: Buffer.concat(chunks) }));
    request.on('error', () => end({ ok: false, problem: 'aborted' }));
    request.on('close', () => end({ ok: false, problem: 'aborted' }));
  });
}
