import type { ServerResponse } from 'node:http';

/** A defect of the sandbox itself: said in the answer, since a lost exception would look like a silent Slack. */
export function answerWithDefect(response: ServerResponse, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ ok: false, error: `The sandbox itself failed: ${text}` }));
}
