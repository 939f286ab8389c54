import type { IncomingMessage, ServerResponse } from 'node:http';

/** Changes within this time are told once. */
const gatherMs = 25;

/** GET /client/changes: one `data: changed` per change. */
export function streamChanges(
  onChange: (listener: () => void) => () => void,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write('retry: 1000\n\n');
  let timer: NodeJS.Timeout | null = null;
  const stop = onChange(() => {
    timer ??= setTimeout(() => {
      timer = null;
      response.write('data: changed\n\n');
    }, gatherMs);
  });
  request.once('close', () => {
    if (timer !== null) clearTimeout(timer);
    stop();
  });
}
