import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackContext } from '../context.ts';
import { fileAwaitedAt, textOfFile } from '../world/shared-file.ts';
import { cut, meetFault } from './meet-fault.ts';

/**
 * The bytes of one file, raw or as a multipart form: “Slack will return HTTP 200 if the upload is successful; a
 * non-200 response indicates a failure.” No token is asked for: the address is the secret.
 */
export async function answerUpload(
  context: SlackContext,
  tail: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const startedAt = performance.now();
  const at = context.world.now();
  const file = fileAwaitedAt(context.world, tail);
  const bytes = await fileBytes(request, body);
  let said = '';
  const answer = await meetFault(context, context.faults.take('upload_url'), request, () => {
    const isRight = file !== undefined && bytes.length === file.size;
    if (isRight) file.bytes = bytes;
    said = isRight ? `OK - ${bytes.length}` : 'Invalid upload';
    return { status: isRight ? 200 : file ? 400 : 404, headers: {}, body: {} };
  });
  context.wire.record({
    at,
    from: 'lucy',
    to: 'slack',
    label: 'upload',
    status: answer === cut ? null : answer.status,
    durationMs: Math.round(performance.now() - startedAt),
    request: file ? (textOfFile({ ...file, bytes }) ?? `${bytes.length} bytes`) : '',
    response: answer === cut ? 'no answer' : said,
  });
  if (answer === cut) return;
  response.writeHead(answer.status, { 'Content-Type': 'text/plain; charset=utf-8', ...answer.headers });
  response.end(said);
}

async function fileBytes(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const part = [...form.values()].find((value) => value instanceof Blob);
  return part ? Buffer.from(await part.arrayBuffer()) : Buffer.alloc(0);
}
