import { newCorrelationId } from '#src/core/correlation.ts';
import { answerPrivately } from '../answer-privately.ts';
import { askedBy } from '../ask.ts';
import { type ModalView, plainText } from '../block-kit.ts';
import { findDraft, saveDraft } from '../forms/draft.ts';
import { formValues } from '../forms/form-values.ts';
import { callbacks, formView, waitingView } from '../forms/form-view.ts';
import { inputBlockId, valueAction } from '../forms/input-block.ts';
import { replyView } from '../forms/reply-view.ts';
import type { Submission, ViewAnswer } from '../forms/submission.ts';
import { menuMessage } from '../menu/menu.ts';
import { introOf } from '../open-form.ts';
import { nowhere, type SlackParts } from '../parts.ts';
import { renderTaken } from '../render/render-taken.ts';
import { lines, own } from '../render/rich-text.ts';
import { sendFile } from '../send-file.ts';
import { typedText } from '../slack-text.ts';
import { takeLine } from '../take-line.ts';

/** “Ask Lucy about this”: a line to type, with what the message most likely is about. */
export function askForm(draftId: string, text: string): ModalView {
  const guess = guessLine(text);
  return {
    type: 'modal',
    callback_id: callbacks.ask,
    private_metadata: draftId,
    title: plainText('Ask Lucy'),
    submit: plainText('Ask'),
    close: plainText('Cancel'),
    blocks: [
      lines([
        [own('What you would type behind /lucy. The answer stands beside the message, for you alone.')],
      ]),
      {
        type: 'input',
        block_id: inputBlockId('line'),
        label: plainText('Command'),
        hint: plainText('Leave it empty to see what there is'),
        optional: true,
        element: {
          type: 'plain_text_input',
          action_id: valueAction,
          max_length: 1_000,
          placeholder: plainText('customer show sofia@firm.com'),
          ...(guess === '' ? {} : { initial_value: guess }),
        },
      },
    ],
  };
}

/** A mail address is a customer; an id is followed. */
export function guessLine(slackText: string): string {
  const text = typedText(slackText);
  const email = /[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+/.exec(text)?.[0];
  if (email !== undefined) return `customer show ${email}`;
  const id = /\b(cor|run|evt|in|ch|pi|re|dp|cus|sub|inc|rec)_[A-Za-z0-9]{6,64}\b/.exec(text)?.[0];
  return id === undefined ? '' : `trace ${id}`;
}

export async function submitAskForm(
  parts: SlackParts,
  { caller, pointer, key, values }: Submission,
): Promise<ViewAnswer> {
  const correlationId = newCorrelationId(parts.runner.clock.now());
  const asker = await askedBy(parts, caller, { key, origin: nowhere, correlationId });
  const draft = await findDraft(parts, pointer, asker.actor.person);
  const asked = { ...asker, origin: draft.origin };
  const line = typedText(formValues(values).line ?? '').trim();
  const taken = await takeLine(parts, asked, line);
  if (taken.kind === 'menu')
    return update({ ...waitingView('Lucy', ''), blocks: menuMessage(parts.runner, asked.actor).blocks });
  if (taken.kind === 'form') {
    const form = await saveDraft(parts, asked, taken.command, taken.raw);
    const before = await introOf(parts, asked, taken);
    return update(formView({ draftId: form.id, ...taken, before }, parts.runner.settings));
  }
  const reply = await sendFile(parts, asked, line, taken.reply);
  const { channelId, threadTs } = asked.origin;
  const message = renderTaken({ ...taken, reply });
  if (await answerPrivately(parts, { userId: asked.userId, channelId, threadTs }, message))
    return { response_action: 'clear' };
  return update(replyView(reply, taken.shareLine));
}

const update = (view: ModalView): ViewAnswer => ({ response_action: 'update', view });
