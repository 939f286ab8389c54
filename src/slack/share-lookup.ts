import { UserError } from '#src/core/errors.ts';
import type { Reply } from '#src/replies/reply.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import type { Asked, SlackParts } from './parts.ts';
import { renderTaken } from './render/render-taken.ts';
import { takeLine } from './take-line.ts';

/**
 * Looks it up again with the sharer's own roles and shows it to the channel, with their name. The button holds the
 * line, never the answer: what is shared is true now, and seen by somebody who may see it.
 *
 * @returns what to say instead when it could not be shared; null when it was.
 */
export async function shareLookup(
  parts: SlackParts,
  asked: Asked,
  line: string,
  place: { responseUrl: string | null; channelId: string | null },
): Promise<Reply | null> {
  if (parseLine(parts.runner.commands, line).command.effect !== 'reads')
    throw new UserError('usage', 'Only lookups can be shared.', 'A change tells the channel by itself.');
  const taken = await takeLine(parts, asked, line);
  if (taken.kind !== 'reply' || !taken.shareLine) return taken.kind === 'reply' ? taken.reply : null;
  const footnote = `Shared by ${asked.actor.name} · /lucy ${line}`;
  // A copy of an approval is never edited, so it carries no buttons that answer it.
  const buttons = (taken.reply.buttons ?? []).filter((button) => button.kind === 'command');
  const shown = { reply: { ...taken.reply, buttons } };
  const message = renderTaken(shown, { surface: 'message', footnote, line });
  if (await parts.responses.send(place.responseUrl, message, { isPublic: true })) return null;
  if (place.channelId && (await post(parts, place.channelId, message))) return null;
  return {
    tone: 'warning',
    title: 'Slack did not take it for this channel, so nothing was shared.',
    hint: 'Invite Lucy to the channel, or type the lookup there and share it again.',
    correlationId: asked.correlationId,
  };
}

async function post(
  parts: SlackParts,
  channel: string,
  message: ReturnType<typeof renderTaken>,
): Promise<boolean> {
  try {
    await parts.slack.chat.postMessage({ channel, ...message, unfurl_links: false, unfurl_media: false });
    return true;
  } catch (error) {
    parts.log.info({ event: 'slack_share_refused', err: error }, 'A lookup could not be shared');
    return false;
  }
}
