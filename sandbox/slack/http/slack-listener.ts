import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackContext } from '../context.ts';
import type { RateLimit } from '../web-api/rate-limit.ts';
import { answerWithDefect } from './answer-with-defect.ts';
import { answerApiRequest } from './api-request.ts';
import { answerPrivateFile } from './private-file-request.ts';
import { readBytes } from './read-body.ts';
import { answerResponseUrlRequest } from './response-url-request.ts';
import { answerUpload } from './upload-request.ts';

export type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Larger than any call that Slack takes, and than any file that Lucy sends. */
const maxBodyBytes = 8 * 1024 * 1024;

/** What Lucy calls: /api/<method>, the response URLs and the addresses for uploads. The page's /client/* goes to its own listener. */
export function slackListener(context: SlackContext, limit: RateLimit, client: Listener): Listener {
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://sandbox');
    if (pathname.startsWith('/client/')) return client(request, response);
    if (context.faults.isDown()) return void request.socket.destroy();
    const end = context.activity.begin();
    // An answer that never comes must not keep a test waiting for quiet.
    response.once('close', end);
    const bytes = await readBytes(request, maxBodyBytes).catch(() => null);
    if (bytes === null) return void request.socket.destroy();
    const body = bytes.toString('utf8');
    const method = /^\/api\/([\w.]+)$/.exec(pathname)?.[1];
    const tail = /^\/(?:commands|actions|app)\/\w+\/(\w+)$/.exec(pathname)?.[1];
    const upload = /^\/upload\/v1\/(\w+)$/.exec(pathname)?.[1];
    const file = /^\/files-pri\/T\w+-(F\w+)\//.exec(pathname)?.[1];
    try {
      if (method !== undefined) await answerApiRequest(context, limit, method, request, response, body);
      else if (tail !== undefined) await answerResponseUrlRequest(context, tail, request, response, body);
      else if (upload !== undefined && request.method === 'POST')
        await answerUpload(context, upload, request, response, bytes);
      else if (file !== undefined && request.method === 'GET')
        await answerPrivateFile(context, file, request, response);
      else response.writeHead(404).end();
    } catch (error) {
      answerWithDefect(response, error);
    }
  };
}
