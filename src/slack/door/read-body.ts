import type { IncomingMessage } from 'node:http';

export type ReadBody = { kind: 'read'; body: Buffer } | { kind: 'too_large' } | { kind: 'too_slow' };

/**
 * The raw bytes of a request, bounded in size and time. What is too large is read on and thrown away for a while, so
 * that the client can finish sending and read its 413 instead of meeting a reset connection.
 */
export function readBody(request: IncomingMessage, maxBytes: number, timeoutMs: number): Promise<ReadBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => end({ kind: 'too_slow' }), timeoutMs);
    const end = (result: ReadBody) => {
      clearTimeout(timer);
      resolve(result);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      chunks.length = 0;
      end({ kind: 'too_large' });
      if (size > maxBytes * 16) request.destroy();
    });
    request.on('end', () => end({ kind: 'read', body: Buffer.concat(chunks) }));
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
