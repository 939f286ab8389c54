import type { App } from '@slack/bolt';
import { z } from 'zod';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage } from '#src/core/errors.ts';
import { answerOnce, deliveryKey } from '../answer-once.ts';
import { submitDenyForm } from '../approvals/deny-form.ts';
import type { ModalView } from '../block-kit.ts';
import { cancelClick, confirmClick } from '../confirm-click.ts';
import { callbacks, waitingView } from '../forms/form-view.ts';
import { replyView } from '../forms/reply-view.ts';
import type { Submission, ViewAnswer } from '../forms/submission.ts';
import { submitForm } from '../forms/submit-form.ts';
import { inTime } from '../in-time.ts';
import type { SlackParts } from '../parts.ts';
import { submitAskForm } from '../shortcuts/ask-form.ts';
import { submitTimelineForm } from '../shortcuts/timeline-form.ts';
import { tellError } from '../tell-error.ts';

/** docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
const submissionSchema = z.object({
  user: z.object({ id: z.string(), team_id: z.string().nullish() }),
  trigger_id: z.string().nullish(),
  view: z.object({
    id: z.string(),
    callback_id: z.string(),
    private_metadata: z.string(),
    hash: z.string().nullish(),
    state: z.object({ values: z.unknown() }).nullish(),
  }),
});

type Submitted = (parts: SlackParts, submission: Submission) => Promise<ViewAnswer>;

/** What submitting each kind of modal does. */
const modals: Readonly<Record<string, Submitted>> = {
  [callbacks.form]: submitForm,
  [callbacks.deny]: submitDenyForm,
  [callbacks.timeline]: submitTimelineForm,
  [callbacks.ask]: submitAskForm,
  [callbacks.confirm]: async (parts, { caller, pointer, key }) => ({
    response_action: 'update',
    view: replyView(await confirmClick(parts, caller, pointer, key)),
  }),
};

export function listenForModals(app: App, parts: SlackParts): void {
  app.view({ callback_id: /.*/, type: 'view_submission' }, async ({ body, ack }) => {
    const submission = readSubmission(body);
    const work = answer(parts, submission);
    const first = await inTime(work);
    if (first) return ack(withoutForm(first.value));
    await ack({ response_action: 'update', view: waitingView('One moment', 'Checking …') });
    await fillIn(parts, submission, await work);
  });
  app.view({ callback_id: /.*/, type: 'view_closed' }, async ({ body, ack }) => {
    await ack();
    const { view, user } = submissionSchema.parse(body);
    if (view.callback_id !== callbacks.confirm) return;
    await cancelClick(parts, { userId: user.id, teamId: user.team_id ?? null }, view.private_metadata);
  });
}

function readSubmission(body: unknown): Submission {
  const { user, view, trigger_id: triggerId } = submissionSchema.parse(body);
  return {
    caller: { userId: user.id, teamId: user.team_id ?? null },
    key: deliveryKey('view', triggerId, { id: view.id, hash: view.hash, values: view.state?.values }),
    viewId: view.id,
    callbackId: view.callback_id,
    pointer: view.private_metadata,
    values: view.state?.values ?? {},
  };
}

/** Never throws: whatever goes wrong is shown in the modal. */
async function answer(parts: SlackParts, submission: Submission): Promise<ViewAnswer> {
  const submitted = modals[submission.callbackId];
  if (!submitted)
    return shown({ tone: 'info', title: 'This window belongs to an older Lucy; nothing was changed.' });
  try {
    const once = await answerOnce(parts.runner, submission.key, () => submitted(parts, submission));
    await once?.kept;
    return once
      ? once.answer
      : shown({ tone: 'info', title: 'This was already sent; its answer is on its way.' });
  } catch (error) {
    return shown(tellError(parts.log, error, newCorrelationId(parts.runner.clock.now())));
  }
}

/** Slack refuses an answer with a key that it does not know. */
function withoutForm(answer: ViewAnswer) {
  return answer.response_action === 'errors'
    ? { response_action: answer.response_action, errors: answer.errors }
    : answer;
}

function shown(reply: Parameters<typeof replyView>[0]): ViewAnswer {
  return { response_action: 'update', view: replyView(reply) };
}

/** The answer came after the acknowledgement: it goes into the view that waits for it. */
async function fillIn(parts: SlackParts, submission: Submission, late: ViewAnswer): Promise<void> {
  const view = viewOf(late);
  try {
    await parts.slack.views.update({ view_id: submission.viewId, view });
  } catch (error) {
    parts.log.info({ event: 'slack_view_gone', err: error }, errorMessage(error));
  }
}

function viewOf(late: ViewAnswer): ModalView {
  if (late.response_action === 'errors') return late.formAgain;
  return late.response_action === 'update'
    ? late.view
    : replyView({ tone: 'done', title: 'The answer stands beside the message; only you see it.' });
}
