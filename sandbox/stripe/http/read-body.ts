import type { IncomingMessage } from 'node:http';

/** The whole body as text; null when it is too large or the client went away. Latin1 keeps the bytes of a file. */
export async function readBody(
  request: IncomingMessage,
  largest: number,
  encoding: 'latin1' | 'utf8' = 'utf8',
): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > largest) return null;
      chunks.push(chunk);
    }
  } catch {
    // The client hung up while it was still sending: there is nobody to answer.
    return null;
  }
  return Buffer.concat(chunks).toString(encoding);
}
