import type { SlackContext } from '../context.ts';
import { isRecord, type Json, parseJson } from '../json.ts';
import { findMessage, removeMessage, replaceContent } from '../world/messages.ts';
import { openResponseUrl } from '../world/response-urls.ts';
import type { ResponseUrl } from '../world/world.ts';
import { isRefusal, readContent } from './message-content.ts';
import { postResponse } from './post-response.ts';

export type ResponseUrlAnswer = { status: number; body: string };

const refuse = (status: number, error: string): ResponseUrlAnswer => ({
  status,
  body: JSON.stringify({ ok: false, error }),
});

/** A POST to a response URL (slack-facts section 5): 404 once it is used up or too old. */
export function answerResponseUrl(context: SlackContext, tail: string, rawBody: string): ResponseUrlAnswer {
  const found = openResponseUrl(context.world, tail);
  if (typeof found === 'string') return refuse(404, found);
  const fields = parseJson(rawBody);
  if (!isRecord(fields)) return refuse(400, 'invalid_payload');
  const refusal = apply(context, found, fields);
  if (refusal !== null) return refuse(400, refusal);
  found.uses += 1;
  return { status: 200, body: 'ok' };
}

/** Slack's word for why not, or null when it was done. */
function apply(context: SlackContext, url: ResponseUrl, fields: Json): string | null {
  const { world } = context;
  const original = url.original ? findMessage(world, url.original.channel, url.original.ts) : undefined;
  if (isTrue(fields.delete_original)) {
    if (original) removeMessage(world, original);
    return null;
  }
  const content = readContent(fields);
  if (isRefusal(content)) return content.error;
  if (isTrue(fields.replace_original) && url.original) {
    // The message keeps its visibility. If it is gone, Slack says ok and nobody sees anything.
    if (original) replaceContent(world, original, { text: '', ...content });
    return null;
  }
  const channel = world.channels.get(url.channel);
  if (!channel) return 'channel_not_found';
  postResponse(context, channel, url.user, fields, content);
  return null;
}

const isTrue = (value: unknown): boolean => value === true || value === 'true';
