import { clamp, defang } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';
import { type ModalView, plainText } from '../block-kit.ts';
import { renderReply } from '../render/render-reply.ts';
import { callbacks } from './form-view.ts';

const LABEL_MAX = 24;

const titles: Record<Reply['tone'], string> = {
  done: 'Done',
  info: 'Lucy',
  preview: 'Please check',
  waiting: 'Asked',
  sending: 'On its way',
  warning: 'Please look',
  refused: 'Not possible',
};

/** A reply as a modal. A preview's submit is its verb, so that the last click says what it does. */
export function replyView(reply: Reply, line?: string | null): ModalView {
  const confirm = reply.buttons?.find((button) => button.kind === 'confirm');
  const { blocks } = renderReply(reply, { surface: 'modal', line: line ?? null });
  const shown = {
    type: 'modal' as const,
    title: plainText(titles[reply.tone]),
    blocks,
  };
  if (confirm?.kind !== 'confirm')
    return { ...shown, callback_id: callbacks.shown, close: plainText('Close') };
  return {
    ...shown,
    callback_id: callbacks.confirm,
    private_metadata: confirm.runId,
    submit: plainText(clamp(defang(confirm.label), LABEL_MAX) || 'Do it'),
    close: plainText('Cancel'),
    // Closing the preview drops the run.
    notify_on_close: true,
  };
}
