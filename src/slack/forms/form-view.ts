import type { Settings } from '#src/core/settings.ts';
import { clamp } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Command } from '#src/runner/define-command.ts';
import { type Block, type ModalView, plainText } from '../block-kit.ts';
import { renderReply } from '../render/render-reply.ts';
import { lines, own, words } from '../render/rich-text.ts';
import { inputBlock } from './input-block.ts';

/** What a modal is for, in its callback id; the state is in the database, under the id in `private_metadata`. */
export const callbacks = {
  form: 'lucy.form',
  confirm: 'lucy.confirm',
  deny: 'lucy.deny',
  timeline: 'lucy.timeline',
  ask: 'lucy.ask',
  shown: 'lucy.shown',
} as const;

/** Titles and buttons of a modal (docs.slack.dev/reference/views/modal-views). */
const TITLE_MAX = 24;

export type FormState = {
  /** The draft's run id. */
  draftId: string;
  command: Command;
  raw: Record<string, unknown>;
  /** Why the form is back; shown above the fields. */
  problem?: Reply | null;
  /** What to read first. */
  before?: Reply | null;
};

/** The modal that asks for a command's inputs, prefilled with what is known. */
export function formView(form: FormState, settings: Settings): ModalView {
  const { command, raw, problem, before } = form;
  const fields = Object.entries(command.input.shape).map(([name, schema]) => {
    const typed = raw[name];
    return inputBlock(name, schema, typeof typed === 'string' ? typed : undefined, settings);
  });
  const intro: Block[] = problem
    ? renderReply({ ...problem, buttons: [] }, { surface: 'modal' }).blocks
    : [
        lines([[words(`${command.summary}.`, 300)]]),
        ...(before ? renderReply(before, { surface: 'modal' }).blocks : []),
      ];
  return {
    type: 'modal',
    callback_id: callbacks.form,
    private_metadata: form.draftId,
    title: plainText(titleOf(command)),
    submit: plainText(command.effect === 'reads' ? 'Look up' : 'Preview'),
    close: plainText('Cancel'),
    blocks: [...intro, ...fields],
  };
}

/** `credits grant` → `Credits grant`. */
export function titleOf(command: Command): string {
  return clamp(command.name.charAt(0).toUpperCase() + command.name.slice(1), TITLE_MAX);
}

/** Something takes longer than Slack waits: a view that says so, replaced when it is done. */
export function waitingView(title: string, sentence: string): ModalView {
  return {
    type: 'modal',
    callback_id: callbacks.shown,
    title: plainText(clamp(title, TITLE_MAX)),
    close: plainText('Close'),
    blocks: [lines([[own(sentence)]])],
  };
}
