import { readShownPlan } from '#src/approvals/shown-plan.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import type { Settings } from '#src/core/settings.ts';
import type { Reply } from '#src/replies/reply.ts';
import { deny, requireMayDeny } from '#src/runner/decline-approval.ts';
import { parseInput } from '#src/runner/define-command.ts';
import { denyInput } from '#src/runner/deny-input.ts';
import { type Asked, requireOpen } from '#src/runner/open-approval.ts';
import { askedBy } from '../ask.ts';
import { type ModalView, plainText } from '../block-kit.ts';
import { formValues } from '../forms/form-values.ts';
import { callbacks } from '../forms/form-view.ts';
import { inputBlock, inputBlockId } from '../forms/input-block.ts';
import { replyView } from '../forms/reply-view.ts';
import type { Submission, ViewAnswer } from '../forms/submission.ts';
import { type ModalPlace, openModal } from '../open-form.ts';
import { nowhere, type SlackParts } from '../parts.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import { lines, own, words } from '../render/rich-text.ts';
import { tellError } from '../tell-error.ts';
import { answering, type Clicked } from './answer-click.ts';
import { readPointer } from './pointer.ts';

/**
 * Denying asks for the reason in a modal. Whoever may not deny is told at once, before they type one.
 *
 * @returns what to say instead of opening it; null when it came up
 */
export async function openDenyForm(
  parts: SlackParts,
  { caller, value, place: channel }: Clicked,
  place: ModalPlace,
): Promise<Reply | null> {
  const { runner } = parts;
  const now = runner.clock.now();
  const correlationId = newCorrelationId(now);
  try {
    const who = await askedBy(parts, caller, { key: value, origin: nowhere, correlationId });
    if (who.actor.refusal !== null) return await refuseStranger(parts, who, 'approval deny');
    const { approvalId, basis } = readPointer(value);
    const click = {
      approvalId,
      seenBasis: basis,
      actor: who.actor,
      surface: 'slack' as const,
      place: channel,
    };
    const { asked } = await requireMayDeny(runner, click, null);
    requireOpen(asked.approval, now);
    const opened = await openModal(parts, place, denyView(asked, value, runner.settings));
    return opened.ok ? null : notOpened(opened.problem, asked);
  } catch (error) {
    return tellError(parts.log, error, correlationId);
  }
}

function denyView({ approval, run }: Asked, pointer: string, settings: Settings): ModalView {
  const { title } = readShownPlan(run.plan);
  return {
    type: 'modal',
    callback_id: callbacks.deny,
    private_metadata: pointer,
    title: plainText('Deny'),
    submit: plainText('Deny'),
    close: plainText('Cancel'),
    blocks: [
      lines([
        [words(`${approval.requester_name} asks: ${title}?`, 300, { bold: true })],
        [own('Nothing will be changed, and '), words(approval.requester_name, 80), own(' is told why.')],
      ]),
      inputBlock('reason', denyInput.shape.reason, undefined, settings),
    ],
  };
}

function notOpened(problem: string, { approval }: Asked): Reply {
  return {
    tone: 'warning',
    title: `Slack did not open the form (${problem}); nothing was denied yet.`,
    hint: `Press Deny again, or type: /lucy approval deny ${approval.id} --reason "why"`,
  };
}

/** The form was sent: a missing reason stays under its field; everything else has its answer in the modal. */
export async function submitDenyForm(parts: SlackParts, submission: Submission): Promise<ViewAnswer> {
  const raw = formValues(submission.values);
  const checked = denyInput.safeParse(raw);
  if (!checked.success) {
    const sentence = checked.error.issues[0]?.message ?? 'Say why.';
    const again: ModalView = replyView({ tone: 'warning', title: sentence, hint: 'Press Deny again.' });
    return {
      response_action: 'errors',
      errors: { [inputBlockId('reason')]: sentence },
      formAgain: again,
    };
  }
  const { reason } = parseInput(denyInput, raw);
  const reply = await answering(
    parts,
    // A modal says nothing of its channel; that was looked at when it opened.
    { caller: submission.caller, value: submission.pointer, place: null },
    'approval deny',
    (answeringNow) => deny(parts.runner, answeringNow, reason),
  );
  return { response_action: 'update', view: replyView(reply) };
}
