import type { IncidentRow } from '#db/incidents.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { UserError } from '#src/core/errors.ts';
import { clamp } from '#src/core/text.ts';
import { incidentName } from '#src/incidents/find.ts';
import { askedBy } from '../ask.ts';
import { type ModalView, plainText } from '../block-kit.ts';
import { findDraft } from '../forms/draft.ts';
import { formValues } from '../forms/form-values.ts';
import { callbacks } from '../forms/form-view.ts';
import { inputBlockId, valueAction } from '../forms/input-block.ts';
import { replyView } from '../forms/reply-view.ts';
import type { Submission, ViewAnswer } from '../forms/submission.ts';
import { nowhere, type SlackParts } from '../parts.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import { lines, own, words } from '../render/rich-text.ts';
import { noteCommand, noteIt } from './note-it.ts';

/** A select holds a hundred options (docs.slack.dev/reference/block-kit/block-elements/select-menu-element). */
const OPTIONS_MAX = 100;

/** Several incidents are open: into which of them it goes, and why it matters. */
export function timelineForm(draftId: string, text: string, open: readonly IncidentRow[]): ModalView {
  const options = open.slice(-OPTIONS_MAX).map((row) => ({
    text: plainText(clamp(`${incidentName(row)}: ${row.title}`, 75)),
    value: incidentName(row),
  }));
  return {
    type: 'modal',
    callback_id: callbacks.timeline,
    private_metadata: draftId,
    title: plainText('Add to a timeline'),
    submit: plainText('Add it'),
    close: plainText('Cancel'),
    blocks: [
      lines([[own('This is written into the timeline: '), words(text, 900, { italic: true })]]),
      {
        type: 'input',
        block_id: inputBlockId('incident'),
        label: plainText('Incident'),
        element: { type: 'static_select', action_id: valueAction, options },
      },
      {
        type: 'input',
        block_id: inputBlockId('comment'),
        label: plainText('Comment'),
        hint: plainText('Why it matters'),
        optional: true,
        element: { type: 'plain_text_input', action_id: valueAction, max_length: 250 },
      },
    ],
  };
}

/** The role is asked for again: it may have been taken away meanwhile. */
export async function submitTimelineForm(
  parts: SlackParts,
  { caller, pointer, key, values }: Submission,
): Promise<ViewAnswer> {
  const correlationId = newCorrelationId(parts.runner.clock.now());
  const asker = await askedBy(parts, caller, { key, origin: nowhere, correlationId }, { isFresh: true });
  if (asker.actor.refusal !== null)
    return shown(replyView(await refuseStranger(parts, asker, 'incident note')));
  const draft = await findDraft(parts, pointer, asker.actor.person);
  const note = noteCommand(parts);
  if (draft.command.name !== note.name) throw unknownForm();
  const { incident = '', comment } = formValues(values);
  const text = String(draft.raw.text);
  const raw = {
    text: comment === undefined ? text : `${comment} (${text})`,
    link: String(draft.raw.link),
    incident,
  };
  const asked = { ...asker, origin: draft.origin };
  return shown(replyView(await noteIt(parts, asked, note, raw)));
}

function unknownForm(): UserError {
  return new UserError(
    'not_found',
    'Lucy does not know this form any more, so nothing was noted.',
    'Close it, and choose “Add to incident timeline” again.',
  );
}

const shown = (view: ModalView): ViewAnswer => ({ response_action: 'update', view });
