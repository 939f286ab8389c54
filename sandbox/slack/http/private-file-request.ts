import type { IncomingMessage, ServerResponse } from 'node:http';
import { bot } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import { isSeenByApp } from '../world/person-file.ts';
import { typeOfFile } from '../world/shared-file.ts';
import { cut, meetFault } from './meet-fault.ts';

/**
 * The bytes behind `url_private_download`. Without a token that may read files Slack shows no error but its login page,
 * as 200, by way of a redirect.
 */
export async function answerPrivateFile(
  context: SlackContext,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const at = context.world.now();
  const { botToken, scopes } = context.settings;
  const file = context.world.files.get(id);
  const mayRead = request.headers.authorization === `Bearer ${botToken}` && scopes.has('files:read');
  const isThere = file?.bytes && isSeenByApp(context.world, file, bot.userId);
  const status = !mayRead ? 302 : isThere ? 200 : 404;
  const fault = context.faults.take('files-pri');
  const answer = await meetFault(context, fault, request, () => ({ status, headers: {}, body: {} }));
  context.wire.record({
    at,
    from: 'lucy',
    to: 'slack',
    label: 'download',
    status: answer === cut ? null : answer.status,
    durationMs: Math.round(performance.now() - startedAt),
    request: id,
    response: answer === cut ? 'no answer' : `${file?.size ?? 0} bytes`,
  });
  if (answer === cut) return;
  if (answer.status === 302)
    return void response
      .writeHead(302, { Location: `/?redir=${encodeURIComponent(request.url ?? '')}` })
      .end();
  if (answer.status !== 200 || !file) return void response.writeHead(answer.status).end();
  response.writeHead(200, { 'Content-Type': typeOfFile(file.name).mimetype, ...answer.headers });
  response.end(file.bytes);
}
