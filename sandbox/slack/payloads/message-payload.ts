import { bot, workspace } from '#sandbox/cast.ts';
import type { Json } from '../json.ts';
import type { Message } from '../world/message.ts';
import { isByLucy } from '../world/messages.ts';

/** A message as payloads and API answers contain it. */
export function messagePayload(message: Message): Json {
  return {
    type: 'message',
    user: message.user,
    ...(isByLucy(message) ? { bot_id: bot.botId, app_id: workspace.appId } : {}),
    text: message.text,
    ts: message.ts,
    team: workspace.teamId,
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(message.metadata ? { metadata: message.metadata } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.editedTs ? { edited: { user: message.user, ts: message.editedTs } } : {}),
  };
}
