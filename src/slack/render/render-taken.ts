import { defang } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';
import { actionId } from '../action-ids.ts';
import { type Button, type Message, plainText } from '../block-kit.ts';
import { renderReply, type Where } from './render-reply.ts';

const VALUE_MAX = 2_000;

/** A reply with the buttons that only Slack has: sharing a lookup, and mending a line in its form. */
export function renderTaken(
  taken: { reply: Reply; shareLine?: string; formLine?: string },
  where: Where = { surface: 'message' },
): Message {
  const more: Button[] = [];
  if (taken.shareLine && where.surface === 'message')
    more.push(lineButton('share', 'Share to channel', taken.shareLine));
  if (taken.formLine) more.push(lineButton('form', 'Mend it in a form', taken.formLine));
  return renderReply(taken.reply, {
    ...where,
    line: taken.shareLine ?? where.line ?? null,
    more: more.filter((button) => (button.value?.length ?? 0) <= VALUE_MAX),
  });
}

function lineButton(kind: 'share' | 'form', label: string, line: string): Button {
  return { type: 'button', action_id: actionId(kind), text: plainText(label), value: defang(line) };
}
