import type { Message } from './block-kit.ts';
import type { SlackParts } from './parts.ts';

/** Where an answer is to be seen by one person. */
export type Spot = { userId: string; channelId: string | null; threadTs: string | null };

/**
 * Answers where somebody asked, in the thread too, and for nobody else to see. Slack takes that for channels that both
 * are in (docs.slack.dev/reference/methods/chat.postEphemeral).
 *
 * @returns false when Slack did not take it there
 */
export async function answerPrivately(parts: SlackParts, spot: Spot, message: Message): Promise<boolean> {
  if (spot.channelId === null) return false;
  try {
    await parts.slack.chat.postEphemeral({
      channel: spot.channelId,
      user: spot.userId,
      ...message,
      ...(spot.threadTs === null ? {} : { thread_ts: spot.threadTs }),
    });
    return true;
  } catch (error) {
    parts.log.info(
      { event: 'slack_ephemeral_refused', err: error },
      'An answer could not stand where it was asked',
    );
    return false;
  }
}

/** To the direct messages: for when there is no place beside what was asked. */
export async function answerDirectly(parts: SlackParts, userId: string, message: Message): Promise<void> {
  try {
    await parts.slack.chat.postMessage({
      channel: userId,
      ...message,
      unfurl_links: false,
      unfurl_media: false,
    });
  } catch (error) {
    parts.log.warn({ event: 'slack_answer_lost', err: error }, 'An answer could not be given');
  }
}
