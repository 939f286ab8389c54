import { escapeTyped } from '../acts/typed-text.ts';
import type { SlackContext } from '../context.ts';
import { isRecord, type Json, parseJson, textAt } from '../json.ts';
import type { Answer } from '../to-lucy/delivery.ts';
import type { Channel } from '../world/channel.ts';
import { addMessage, addNotice } from '../world/messages.ts';
import type { Person } from '../world/person.ts';
import { isRefusal, readContent } from './message-content.ts';
import { postResponse } from './post-response.ts';

export type CommandFailure = 'operation_timeout' | 'dispatch_failed' | 'invalid_command_response';

/**
 * What Slack does with Lucy's answer to a slash command (slack-facts section 4): a 200 may carry a message, shown to
 * the person alone unless `in_channel`, which also shows the command; anything else becomes Slackbot's notice.
 */
export function applyCommandAck(
  context: SlackContext,
  person: Person,
  channel: Channel,
  typed: string,
  answer: Answer | null,
): CommandFailure | null {
  const failure = failureOf(answer) ?? show(context, person, channel, typed, answer);
  if (failure !== null) {
    const command = typed.split(/\s/)[0] ?? typed;
    addNotice(context.world, channel.id, person.id, `${command} failed with the error "${failure}"`);
  }
  return failure;
}

function failureOf(answer: Answer | null): CommandFailure | null {
  if (answer?.problem === 'timeout') return 'operation_timeout';
  const status = answer?.status ?? 0;
  return status >= 200 && status < 300 ? null : 'dispatch_failed';
}

function show(
  context: SlackContext,
  person: Person,
  channel: Channel,
  typed: string,
  answer: Answer | null,
): CommandFailure | null {
  const fields = fieldsOf(answer?.body ?? '');
  if (Object.keys(fields).length === 0) return null;
  const isPublic = textAt(fields, 'response_type') === 'in_channel';
  const content = readContent(fields);
  if (isRefusal(content) && content.error !== 'no_text') return 'invalid_command_response';
  if (isPublic) addMessage(context.world, { channel: channel.id, user: person.id, text: escapeTyped(typed) });
  // `{"response_type":"in_channel"}` alone shows the command and says nothing.
  if (!isRefusal(content)) postResponse(context, channel, person.id, fields, content);
  return null;
}

/** A body that is no JSON object is the text itself. */
function fieldsOf(body: string): Json {
  if (body.trim() === '') return {};
  const parsed = parseJson(body);
  return isRecord(parsed) ? parsed : { text: body };
}
