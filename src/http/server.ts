import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answering } from '#db/connection-line.ts';
import { systemClock } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/** A route: method (or any), and a path; a path that ends in `/` takes everything below it. */
export type Route = { method: string | null; path: string; handle: Handler };

/**
 * One node:http server for all of Lucy. Slow and idle connections are cut early, because a few hundred dripping
 * sockets must not keep Stripe and Slack out.
 */
export function createHttpServer(routes: readonly Route[], log: Log): Server {
  const find = createFinder(routes);
  const server = createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 32 * 1024,
    },
    (request, response) => void answering(() => serve(find, log, request, response)),
  );
  server.maxConnections = 10_000;
  return server;
}

/** @returns the port, which the system chooses when it is 0 */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** A connection that was busy when the server closed is idle a moment later, and would be kept for its keep-alive. */
const CLOSE_IDLE_EVERY_MS = 50;

/** Takes no new connection, answers what was asked, and is done when the last answer is out. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  const closing = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(closing);
}

/** The routes of a path: its own, or, where it has none, those that take everything below a path above it. */
function createFinder(routes: readonly Route[]): (pathname: string) => readonly Route[] {
  const own = Map.groupBy(routes, ({ path }) => path);
  const above = routes.filter(({ path }) => path.endsWith('/') && path !== '/');
  // A path of its own wins, even with the wrong method.
  return (pathname) => own.get(pathname) ?? above.filter(({ path }) => pathname.startsWith(path));
}

async function serve(
  find: (pathname: string) => readonly Route[],
  log: Log,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = URL.parse(request.url ?? '/', 'http://lucy.invalid');
    if (!url) return sendError(response, 400, 'bad_address', 'That is not an address.', 'Check the path.');
    const onPath = find(url.pathname);
    const route = onPath.find(({ method }) => method === null || method === request.method);
    if (route) return await route.handle(request, response, url);
    if (onPath.length > 0)
      return sendError(
        response,
        405,
        'method_not_allowed',
        `${request.method} is not possible here.`,
        `Use ${onPath.map(({ method }) => method).join(' or ')}.`,
      );
    sendError(
      response,
      404,
      'not_found',
      `There is nothing at ${url.pathname}.`,
      'Stripe sends to /api/billing/webhook, Slack to /slack/events; /health says how Lucy is.',
    );
  } catch (error) {
    log.error({ err: error, event: 'request_failed', path: request.url }, errorMessage(error));
    if (!response.headersSent)
      sendError(
        response,
        500,
        'failed',
        'Something went wrong inside Lucy.',
        'Look for the correlation id in the log.',
      );
    else response.destroy();
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

/** DESIGN section 9: errors. */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  hint: string,
): void {
  sendJson(response, status, {
    error: { code, message, hint },
    correlationId: newCorrelationId(systemClock.now()),
  });
}
