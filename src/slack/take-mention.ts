import { z } from 'zod';
import { newCorrelationId } from '#src/core/correlation.ts';
import { incidentName } from '#src/incidents/find.ts';
import { incidentHere } from '#src/incidents/rooms/here.ts';
import type { Reply } from '#src/replies/reply.ts';
import { longestMatch } from '#src/runner/match-command.ts';
import { tokenize } from '#src/runner/parse-line.ts';
import { answerOnce } from './answer-once.ts';
import { answerDirectly, answerPrivately, type Spot } from './answer-privately.ts';
import { askedBy } from './ask.ts';
import type { Message } from './block-kit.ts';
import { menuMessage } from './menu/menu.ts';
import { nameOfChannel } from './name-of-channel.ts';
import type { Asked, Origin, SlackParts } from './parts.ts';
import { refuseStranger } from './refuse-stranger.ts';
import { renderReply } from './render/render-reply.ts';
import { renderTaken } from './render/render-taken.ts';
import { sendFile } from './send-file.ts';
import { typedText } from './slack-text.ts';
import { type Taken, takeLine } from './take-line.ts';
import { tellError } from './tell-error.ts';

/** docs.slack.dev/reference/events/app_mention */
const mentionSchema = z.object({
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
  user_team: z.string().nullish(),
  team: z.string().nullish(),
  text: z.string(),
  channel: z.string(),
  thread_ts: z.string().nullish(),
});
type Mention = z.infer<typeof mentionSchema>;

/**
 * `@lucy …`, the same words as behind the slash command, which Slack offers in no thread. The answer is for whoever
 * asked. Slack delivers an event more than once (docs.slack.dev/apis/events-api); its id makes it one.
 */
export async function takeMention(
  parts: SlackParts,
  event: unknown,
  delivery: { eventId: string; botUserId: string | null },
): Promise<void> {
  const mention = mentionSchema.parse(event);
  if (!mention.user) return;
  const key = `mention:${delivery.eventId}`;
  const asker = { ...mention, user: mention.user };
  const once = await answerOnce(parts.runner, key, async () => {
    await answerMention(parts, asker, key, lineOf(mention.text, delivery.botUserId));
    return null;
  });
  await once?.kept;
}

async function answerMention(
  parts: SlackParts,
  mention: Mention & { user: string },
  key: string,
  line: string,
): Promise<void> {
  const correlationId = newCorrelationId(parts.runner.clock.now());
  const spot: Spot = {
    userId: mention.user,
    channelId: mention.channel,
    threadTs: mention.thread_ts ?? null,
  };
  const say = async (message: Message) => {
    if (!(await answerPrivately(parts, spot, message))) await answerDirectly(parts, spot.userId, message);
  };
  try {
    const caller = { userId: mention.user, teamId: mention.user_team ?? null };
    if (mention.bot_id || mention.app_id) return await refuseApp(parts, caller, { key, correlationId, line });
    const channelName = await nameOfChannel(parts, mention.channel);
    const origin = { responseUrl: null, threadTs: spot.threadTs, channelId: mention.channel, channelName };
    const asked = await askedBy(parts, caller, { key, correlationId, origin });
    if (asked.actor.refusal !== null) return await say(renderReply(await refuseStranger(parts, asked, line)));
    const meant = await questionHere(parts, origin, line);
    await say(await messageOf(parts, asked, meant, await takeLine(parts, asked, meant)));
  } catch (error) {
    await say(renderReply(tellError(parts.log, error, correlationId)));
  }
}

/** Whoever asks something in the room of an incident, in words that are no command, means the incident. */
async function questionHere({ runner }: SlackParts, origin: Origin, line: string): Promise<string> {
  if (!line.endsWith('?') || longestMatch(runner.commands, tokenize(line))) return line;
  const here = await incidentHere(runner.database.knex, origin);
  return here ? `incident status ${incidentName(here)}` : line;
}

/**
 * An app may post in a person’s name; what it writes is nobody’s order. It is written down and not answered, for two
 * bots that answer each other never stop.
 */
async function refuseApp(
  parts: SlackParts,
  caller: { userId: string; teamId: string | null },
  { key, correlationId, line }: { key: string; correlationId: string; line: string },
): Promise<void> {
  const origin = { responseUrl: null, threadTs: null, channelId: null, channelName: null };
  const asked = await askedBy(parts, caller, { key, correlationId, origin });
  const refusal =
    asked.actor.refusal ?? 'An app wrote this in a person’s name, and Lucy takes orders from people only.';
  await refuseStranger(parts, { ...asked, actor: { ...asked.actor, refusal } }, line);
}

async function messageOf(parts: SlackParts, asked: Asked, line: string, taken: Taken): Promise<Message> {
  if (taken.kind === 'menu') return menuMessage(parts.runner, asked.actor);
  if (taken.kind === 'form') return renderReply(formOffer(taken.command.name, line, asked.correlationId));
  return renderTaken({ ...taken, reply: await sendFile(parts, asked, line, taken.reply) });
}

/** A form opens only for a click: a message brings no trigger (docs.slack.dev/surfaces/modals). */
function formOffer(command: string, line: string, correlationId: string): Reply {
  return {
    tone: 'info',
    title: `A few things are missing for “${command}”.`,
    hint: 'The form asks for them, and keeps what you typed.',
    buttons: [{ kind: 'command', label: 'Open the form', line }],
    correlationId,
  };
}

/** What follows the mention; `@lucy: …` and `@lucy /lucy …` are what people type, too. */
export function lineOf(text: string, botUserId: string | null): string {
  const mention = new RegExp(`<@${botUserId ?? '[UW][A-Z0-9]+'}(\\|[^>]*)?>`);
  const found = mention.exec(text);
  const rest = found ? text.slice(found.index + found[0].length) : text;
  return typedText(rest)
    .replace(/^[\s:,]+/, '')
    .replace(/^\/lucy(\s|$)/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
