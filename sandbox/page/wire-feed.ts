import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WireEntry } from '#sandbox/slack/client-contract.ts';
import { sendJson } from './page-headers.ts';
import type { WireSource } from './page-parts.ts';

/** Enough to look back on an afternoon; the page draws them all. */
const shownEntries = 400;

/** GET /wire: what crossed every wire, newest first. */
export function sendWire(sources: readonly WireSource[], response: ServerResponse): void {
  const entries: WireEntry[] = sources.flatMap((source) => [...source.entries()]);
  entries.sort((a, b) => b.at - a.at);
  sendJson(response, 200, entries.slice(0, shownEntries));
}

/** GET /wire/changes: one `data: changed` whenever something crossed, at most every 100 ms. */
export function streamWireChanges(
  sources: readonly WireSource[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write('retry: 1000\n\n');
  let timer: NodeJS.Timeout | null = null;
  const announce = () => {
    timer ??= setTimeout(() => {
      timer = null;
      response.write('data: changed\n\n');
    }, 100);
  };
  const stops = sources.map((source) => source.onChange(announce));
  request.on('close', () => {
    if (timer !== null) clearTimeout(timer);
    for (const stop of stops) stop();
  });
}
