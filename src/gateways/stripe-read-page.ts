import type { IncomingMessage } from 'node:http';
import Stripe from 'stripe';
import { z } from 'zod';

export type RawPage = { data: unknown[]; has_more: boolean };

const pageSchema = z.object({ data: z.array(z.unknown()), has_more: z.boolean() });

/**
 * One page of a list, from the bytes that came. The SDK sends it, tries it again and says what went wrong, as ever; only
 * a page that came is not made into objects that nobody looks at.
 *
 * @param parse must copy what it keeps: the next page overwrites the bytes
 */
export async function readPage(
  stripe: Stripe,
  path: string,
  parse: (body: Buffer) => unknown,
): Promise<RawPage> {
  const response: unknown = await stripe.rawRequest('GET', path, undefined, { streaming: true });
  return pageSchema.parse(await readBody(response as IncomingMessage, parse));
}

function readBody(response: IncomingMessage, parse: (body: Buffer) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const brokeOff = (error?: Error) => reject(new Stripe.errors.StripeConnectionError(rawError(error)));
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('error', brokeOff);
    // Not every answer that breaks off says so.
    response.once('close', () => response.complete || brokeOff());
    response.once('end', () => {
      try {
        resolve(parse(gather(chunks)));
      } catch (error) {
        reject(new Stripe.errors.StripeAPIError(rawError(error)));
      }
    });
  });
}

function rawError(error?: unknown) {
  const why = error instanceof Error ? `: ${error.message}` : '';
  return { type: 'api_error' as const, message: `Stripe’s answer is no whole page${why}` };
}

let place = Buffer.allocUnsafeSlow(0);

/** All in one place, which is the same for every page: a quarter of a megabyte each would be much to sweep up. */
function gather(chunks: readonly Buffer[]): Buffer {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (place.length < length) place = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const chunk of chunks) {
    chunk.copy(place, at);
    at += chunk.length;
  }
  return place.subarray(0, length);
}
