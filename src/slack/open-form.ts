import type { Reply } from '#src/replies/reply.ts';
import type { Command } from '#src/runner/define-command.ts';
import { causeOf, contextOf } from '#src/runner/runner.ts';
import { usageOf } from '#src/runner/usage.ts';
import type { ModalView } from './block-kit.ts';
import { saveDraft } from './forms/draft.ts';
import { formView } from './forms/form-view.ts';
import type { Asked, SlackParts } from './parts.ts';
import { problemWord, slackProblem } from './slack-client.ts';
import { requestOf } from './take-line.ts';

/** Where a modal can come up: from a message or Home it opens, from a modal it goes on top. */
export type ModalPlace = { kind: 'open' | 'push'; triggerId: string };

/** @returns what to say instead when Slack opened no modal; null when it did. */
export async function openForm(
  parts: SlackParts,
  asked: Asked,
  place: ModalPlace,
  form: { command: Command; raw: Record<string, string> },
): Promise<Reply | null> {
  const draft = await saveDraft(parts, asked, form.command, form.raw);
  const before = await introOf(parts, asked, form);
  const view = formView({ draftId: draft.id, ...form, before }, parts.runner.settings);
  const opened = await openModal(parts, place, view);
  return opened.ok ? null : notOpened(form.command, opened.problem, asked.correlationId);
}

/** What is to be read before a form is filled in; a form without it is better than none. */
export async function introOf(
  parts: SlackParts,
  asked: Asked,
  { command, raw }: { command: Command; raw: Record<string, string> },
): Promise<Reply | null> {
  if (!command.beforeForm) return null;
  try {
    const cause = causeOf(parts.runner, requestOf(asked, command, raw), null);
    return await command.beforeForm(raw, contextOf(parts.runner, cause));
  } catch (error) {
    parts.log.warn(
      { event: 'slack_form_without_intro', err: error },
      'A form came up without its introduction',
    );
    return null;
  }
}

/** A trigger lives three seconds and works once (docs.slack.dev/interactivity/handling-user-interaction). */
export async function openModal(
  parts: SlackParts,
  place: ModalPlace,
  view: ModalView,
): Promise<{ ok: true; viewId: string } | { ok: false; problem: string }> {
  try {
    const request = { trigger_id: place.triggerId, view };
    const opened = await (place.kind === 'push'
      ? parts.slack.views.push(request)
      : parts.slack.views.open(request));
    return { ok: true, viewId: opened.view?.id ?? '' };
  } catch (error) {
    const problem = problemWord(slackProblem(error));
    parts.log.warn({ event: 'slack_modal_not_opened', problem }, 'Slack opened no modal');
    return { ok: false, problem };
  }
}

function notOpened(command: Command, problem: string, correlationId: string): Reply {
  const isLate = /trigger/.test(problem);
  return {
    tone: 'warning',
    title: isLate
      ? 'Slack waited too briefly for the form to open; nothing was changed.'
      : `Slack did not open the form (${problem}); nothing was changed.`,
    hint: 'Press the button to try again, or type it in one line:',
    sections: [{ heading: 'In one line', lines: [[{ code: `/lucy ${usageOf(command)}` }]] }],
    buttons: [{ kind: 'command', label: 'Open the form', line: command.name }],
    correlationId,
  };
}
