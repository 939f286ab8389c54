import type { App } from '@slack/bolt';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Reply } from '#src/replies/reply.ts';
import { answerOnce, deliveryKey } from '../answer-once.ts';
import { answerDirectly, answerPrivately } from '../answer-privately.ts';
import { askedBy } from '../ask.ts';
import { saveDraft } from '../forms/draft.ts';
import { openModal } from '../open-form.ts';
import type { Asked, SlackParts } from '../parts.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import { renderReply } from '../render/render-reply.ts';
import { addToTimeline } from '../shortcuts/add-to-timeline.ts';
import { askForm } from '../shortcuts/ask-form.ts';
import { type ChosenMessage, readChosenMessage } from '../shortcuts/message-shortcut.ts';
import { tellError } from '../tell-error.ts';

type Chosen = (parts: SlackParts, asked: Asked, message: ChosenMessage) => Promise<Reply | null>;

/** What the menu of a message offers, as the manifest declares it; they work in threads, where commands do not. */
export const shortcuts: Readonly<Record<string, Chosen>> = {
  'lucy.timeline': addToTimeline,
  'lucy.ask': askAbout,
};

/** Every shortcut is acknowledged at once, the ones that nobody knows any more too. */
export function listenForShortcuts(app: App, parts: SlackParts): void {
  app.shortcut(/.*/, async ({ body, ack }) => {
    await ack();
    try {
      const chosen = Object.hasOwn(shortcuts, body.callback_id) ? shortcuts[body.callback_id] : undefined;
      if (!chosen || body.type !== 'message_action') return;
      const message = readChosenMessage(body);
      const key = deliveryKey('shortcut', message.triggerId, body);
      const once = await answerOnce(parts.runner, key, () => answer(parts, message, key, chosen));
      await once?.kept;
    } catch (error) {
      parts.log.error({ err: error, event: 'slack_shortcut_failed' }, errorMessage(error));
    }
  });
}

async function answer(parts: SlackParts, message: ChosenMessage, key: string, chosen: Chosen): Promise<null> {
  const correlationId = newCorrelationId(parts.runner.clock.now());
  const { caller, origin } = message;
  let reply: Reply | null;
  try {
    const asked = await askedBy(parts, caller, { key, correlationId, origin }, { isFresh: true });
    reply = await chosen(parts, asked, message);
  } catch (error) {
    reply = tellError(parts.log, error, correlationId);
  }
  if (!reply) return null;
  const shown = renderReply(reply);
  const spot = { userId: caller.userId, channelId: origin.channelId, threadTs: origin.threadTs };
  // Where Lucy is not, Slack still takes an answer to the menu itself.
  const isTold =
    (await answerPrivately(parts, spot, shown)) || (await parts.responses.send(origin.responseUrl, shown));
  if (!isTold) await answerDirectly(parts, caller.userId, shown);
  return null;
}

/** A window with a line to type. Its answer goes into the thread of the message, so that is kept with it. */
async function askAbout(parts: SlackParts, asked: Asked, message: ChosenMessage): Promise<Reply | null> {
  if (asked.actor.refusal !== null) return refuseStranger(parts, asked, 'menu');
  const help = parts.runner.commands.find(({ name }) => name === 'help');
  if (!help) throw new Error('There is no command “help”');
  const origin = { ...asked.origin, threadTs: message.origin.threadTs ?? message.ts };
  const draft = await saveDraft(parts, { ...asked, origin }, help, {});
  const place = { kind: 'open' as const, triggerId: message.triggerId };
  const opened = await openModal(parts, place, askForm(draft.id, message.text));
  if (opened.ok) return null;
  return {
    tone: 'warning',
    title: `Slack did not open the window (${opened.problem}); nothing was changed.`,
    hint: 'Choose it again in the message’s menu, or mention @lucy in the thread with what you want to know.',
    correlationId: asked.correlationId,
  };
}
