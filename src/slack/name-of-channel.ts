import type { SlackParts } from './parts.ts';

/** Without its #, for rules that name channels; null for a private one, whose name Slack’s other payloads hide, too. */
export async function nameOfChannel(
  parts: Pick<SlackParts, 'slack' | 'log'>,
  channelId: string,
): Promise<string | null> {
  try {
    const { channel } = await parts.slack.conversations.info({ channel: channelId });
    return channel?.is_private ? null : (channel?.name ?? null);
  } catch (error) {
    parts.log.info({ event: 'slack_channel_unknown', err: error }, 'Slack did not name a channel');
    return null;
  }
}
