import { errorMessage } from '#src/core/errors.ts';

/** What an address answered: its status and, where it is asked for and is JSON, its body. */
export type Answer = { status: number; body: unknown } | { status: null; problem: string };

const TIMEOUT_MS = 5_000;
const BODY_MAX = 512 * 1024;

/** Asks once, follows no redirect, and never throws. Only what was answered with 2xx is read. */
export async function askUrl(
  url: string,
  wanted: 'status' | 'json' = 'status',
  headers: Record<string, string> = {},
): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    if (wanted === 'status' || !response.ok) {
      await response.body?.cancel();
      return { status: response.status, body: null };
    }
    return { status: response.status, body: JSON.parse(await readSome(response)) };
  } catch (error) {
    return { status: null, problem: errorMessage(error) };
  }
}

async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > BODY_MAX) throw new Error('The answer is longer than 512 KiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
