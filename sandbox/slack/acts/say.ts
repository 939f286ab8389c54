import { bot, workspace } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import type { Json } from '../json.ts';
import { slashCommand } from '../payloads/slash-command.ts';
import { applyCommandAck } from '../responses/apply-command-ack.ts';
import type { Channel } from '../world/channel.ts';
import type { Message } from '../world/message.ts';
import { addMessage, addNotice, threadRoot } from '../world/messages.ts';
import type { Person } from '../world/person.ts';
import { type Ack, ackOf, nothingSent, plainFailure } from './ack.ts';
import { sendEvent } from './send-event.ts';
import { commandText, messageText } from './typed-text.ts';

/** Someone writes into a channel. A text that starts with '/' is a command, never a message. */
export async function say(
  context: SlackContext,
  person: Person,
  channel: Channel,
  text: string,
  threadTs?: string,
): Promise<Ack> {
  if (text.startsWith('/')) return runCommand(context, person, channel, text, threadTs);
  const root = threadRoot(context.world, channel.id, threadTs ?? '');
  const message = addMessage(context.world, {
    channel: channel.id,
    user: person.id,
    text: messageText(context.world, text),
    ...(root === null ? {} : { threadTs: root }),
  });
  return tellOfMessage(context, channel, message);
}

async function runCommand(
  context: SlackContext,
  person: Person,
  channel: Channel,
  typed: string,
  threadTs: string | undefined,
): Promise<Ack> {
  const [name = typed] = typed.split(/\s/);
  const command = context.world.commands.find((known) => known.command === name);
  const isOurs = person.flags.team_id === workspace.teamId;
  if (!command || !isOurs) return refuse(context, person, channel, unknownCommand(name), threadTs);
  // Slash commands do not exist in threads (slack-facts section 4).
  if (threadTs !== undefined) {
    return refuse(context, person, channel, `${name} is not supported in threads. Sorry!`, threadTs);
  }
  const text = commandText(context.world, typed.slice(name.length).trim(), command.shouldEscape ?? false);
  const delivery = await context.courier.deliver(slashCommand(context, person, channel, name, text));
  return ackOf(delivery, applyCommandAck(context, person, channel, typed, delivery.response));
}

function refuse(
  context: SlackContext,
  person: Person,
  channel: Channel,
  text: string,
  threadTs: string | undefined,
): Ack {
  addNotice(context.world, channel.id, person.id, text, threadTs);
  return nothingSent('not_a_command');
}

const unknownCommand = (name: string): string =>
  `${name} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as ` +
  'commands. If you are trying to send a message and not run a command, try preceding the "/" with an empty space.';

/** Events of a message: Lucy hears of it in her DM and when she is mentioned, where she is a member. */
async function tellOfMessage(context: SlackContext, channel: Channel, message: Message): Promise<Ack> {
  if (!channel.members.has(bot.userId)) return nothingSent(null);
  const isMention = message.text.includes(`<@${bot.userId}>`);
  const kind = channel.kind === 'dm' ? 'message.im' : 'message.channels';
  const sent = await Promise.all([
    sendEvent(context, kind, messageEvent(channel, message, 'message')),
    isMention && channel.kind === 'channel'
      ? sendEvent(context, 'app_mention', messageEvent(channel, message, 'app_mention'))
      : null,
  ]);
  const delivery = sent.find((one) => one !== null);
  return delivery ? ackOf(delivery, plainFailure(delivery.response)) : nothingSent(null);
}

function messageEvent(channel: Channel, message: Message, type: 'message' | 'app_mention'): Json {
  return {
    client_msg_id: `sandbox-${message.ts}`,
    type,
    text: message.text,
    user: message.user,
    ts: message.ts,
    team: workspace.teamId,
    channel: channel.id,
    event_ts: message.ts,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(type === 'message' ? { channel_type: channel.kind === 'dm' ? 'im' : 'channel' } : {}),
  };
}
