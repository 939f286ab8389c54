import { z } from 'zod';
import type { Caller } from '../identity/members.ts';
import type { Origin, SlackParts } from '../parts.ts';
import { problemWord, slackProblem } from '../slack-client.ts';

/** docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload, “message_action” */
const schema = z.object({
  callback_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string().nullish(),
  user: z.object({ id: z.string(), team_id: z.string().nullish() }),
  channel: z.object({ id: z.string(), name: z.string().nullish() }),
  message_ts: z.string().nullish(),
  message: z.object({
    text: z.string().nullish(),
    user: z.string().nullish(),
    username: z.string().nullish(),
    bot_id: z.string().nullish(),
    ts: z.string().nullish(),
    thread_ts: z.string().nullish(),
  }),
});

/** A message that somebody chose something for in its menu. */
export type ChosenMessage = {
  caller: Caller;
  triggerId: string;
  /** As Slack sent it. */
  text: string;
  /** Who wrote it: a member, or the name of an app. */
  author: { userId: string | null; name: string | null };
  ts: string;
  origin: Origin & { channelId: string };
};

export function readChosenMessage(body: unknown): ChosenMessage {
  const { user, channel, message, ...rest } = schema.parse(body);
  const ts = message.ts ?? rest.message_ts ?? '';
  return {
    caller: { userId: user.id, teamId: user.team_id ?? null },
    triggerId: rest.trigger_id,
    text: message.text ?? '',
    author: { userId: message.user ?? null, name: message.username ?? null },
    ts,
    origin: {
      responseUrl: rest.response_url ?? null,
      // A reply belongs to its thread, and so does what is said of it.
      threadTs: message.thread_ts ?? null,
      channelId: channel.id,
      channelName: channel.name ?? null,
    },
  };
}

/** The address of a message; one that works for members of the channel where Slack gives none. */
export async function permalinkOf(
  parts: Pick<SlackParts, 'slack' | 'log'>,
  { channelId, ts }: { channelId: string; ts: string },
): Promise<string> {
  try {
    const { permalink } = await parts.slack.chat.getPermalink({ channel: channelId, message_ts: ts });
    if (permalink) return permalink;
  } catch (error) {
    const problem = problemWord(slackProblem(error));
    parts.log.info({ event: 'slack_permalink_failed', problem }, 'Slack gave no link to a message');
  }
  return `https://slack.com/archives/${channelId}/p${ts.replace('.', '')}`;
}
