import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

export type Asked = { method: string; url: URL; headers: IncomingMessage['headers']; body: Buffer };
export type Answered = { status: number; json?: unknown; text?: string; html?: string };

/** A small server on this machine; while it is down, connections are cut without an answer. */
export async function serveLocal(answer: (asked: Asked) => Answered, isDown: () => boolean) {
  const server = createServer(async (request, response) => {
    const body = await readAll(request);
    if (isDown()) return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    send(response, answer({ method: request.method ?? 'GET', url, headers: request.headers, body }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
}

function send(response: ServerResponse, { status, json, text, html }: Answered): void {
  const [type, body] =
    html !== undefined
      ? ['text/html; charset=utf-8', html]
      : text !== undefined
        ? ['text/plain; charset=utf-8', text]
        : ['application/json', JSON.stringify(json ?? {})];
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A plain page for people, readable on a phone, light and dark. */
export function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;
margin:2rem auto;padding:0 1rem}code,td{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}td{padding:.15rem .75rem .15rem 0;
vertical-align:top}td:first-child{white-space:nowrap}</style><h1>${escapeHtml(title)}</h1>${body}</html>`;
}
