import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { sendJson } from './page-headers.ts';
import { pageListener } from './page-listener.ts';
import type { PageParts } from './page-parts.ts';

/** Where the page listens; port 0 takes a free one. `onError` hears of faults of any part, by default on stderr. */
export type PageOptions = PageParts & { port?: number; onError?: (error: unknown) => void };

/** Starts the page's server on this machine only: it acts as anyone in the sandbox, without a password. */
export async function startPage(options: PageOptions): Promise<{ url: string; close: () => Promise<void> }> {
  const listener = pageListener(options);
  const onError = options.onError ?? ((error) => process.stderr.write(`${inspect(error)}\n`));
  const server = createServer(async (request, response) => {
    try {
      await listener(request, response);
    } catch (error) {
      onError(error);
      if (!response.headersSent)
        sendJson(response, 500, { ok: false, error: 'The sandbox stumbled. See its terminal.' });
      else response.end();
    }
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(options.port ?? 0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      // The page's event streams never end by themselves.
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/`, close };
}
