import { patiently } from '#db/transaction.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { UserError } from '#src/core/errors.ts';
import { clamp } from '#src/core/text.ts';
import { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import { RefusedWithReport } from '#src/replies/refused-with-report.ts';
import type { Reply } from '#src/replies/reply.ts';
import { fileInputsOf } from '#src/runner/file-field.ts';
import { startOrDo } from '#src/runner/start-or-do.ts';
import { askedBy } from '../ask.ts';
import { handInFiles } from '../files/hand-in-files.ts';
import { nowhere, type SlackParts } from '../parts.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import { sendFile } from '../send-file.ts';
import { requestOf } from '../take-line.ts';
import { tellError } from '../tell-error.ts';
import { type Draft, findDraft } from './draft.ts';
import { formLine } from './form-line.ts';
import { formValues } from './form-values.ts';
import { formView } from './form-view.ts';
import { inputBlockId } from './input-block.ts';
import { replyView } from './reply-view.ts';
import type { Submission, ViewAnswer } from './submission.ts';

/**
 * A form was submitted: field errors stay under their fields and keep what was typed; else the modal becomes the
 * preview, or a lookup's answer. After any other failure it is the form again, with its content and the reason.
 */
export async function submitForm(parts: SlackParts, submission: Submission): Promise<ViewAnswer> {
  const correlationId = newCorrelationId(parts.runner.clock.now());
  let raw = formValues(submission.values);
  let draft: Draft | null = null;
  try {
    const asked = await askedBy(parts, submission.caller, {
      key: submission.key,
      origin: nowhere,
      correlationId,
    });
    draft = await findDraft(parts, submission.pointer, asked.actor.person);
    if (asked.actor.refusal !== null)
      return update(replyView(await refuseStranger(parts, asked, draft.command.name)));
    raw = { ...namedFiles(draft), ...raw };
    const asIs = requestOf({ ...asked, origin: draft.origin }, draft.command, raw);
    const request = await handInFiles(parts, asIs);
    const started = await patiently(() => startOrDo(parts.runner, request));
    if (started.kind === 'done') parts.runEnded(asked.userId, asked.actor);
    return update(replyView(await sendFile(parts, asked, formLine(draft.command, raw), started.reply)));
  } catch (error) {
    const reply = tellError(parts.log, error, correlationId);
    // What was typed fits several things: the form becomes the choice, whose buttons hold what was typed.
    if (!draft || (error instanceof ChoiceNeeded && isAnsweredByButton(error)))
      return update(replyView(reply));
    if (error instanceof RefusedWithReport)
      return update(replyView(await sendReport(parts, submission, draft, raw, reply)));
    return formAgain(parts, draft, withoutChosenFiles(draft, raw), error, reply);
  }
}

/** Otherwise a field of the form says it. */
function isAnsweredByButton({ fields }: ChoiceNeeded): boolean {
  return Object.keys(fields).length === 0;
}

/** A file that was named when the form was asked for need not be chosen again. */
function namedFiles({ command, raw }: Draft): Record<string, string> {
  const named = fileInputsOf(command).map((name) => [name, raw[name]]);
  return Object.fromEntries(named.filter(([, value]) => typeof value === 'string'));
}

/** What was chosen stays chosen only while the form is open, so the form that comes back does not count on it. */
function withoutChosenFiles(draft: Draft, raw: Record<string, string>): Record<string, string> {
  const files = fileInputsOf(draft.command);
  const others = Object.entries(raw).filter(([name]) => !files.includes(name));
  return { ...Object.fromEntries(others), ...namedFiles(draft) };
}

function sendReport(
  parts: SlackParts,
  { caller }: Submission,
  draft: Draft,
  raw: Record<string, string>,
  reply: Reply,
): Promise<Reply> {
  const asked = { userId: caller.userId, correlationId: reply.correlationId ?? '' };
  return sendFile(parts, asked, formLine(draft.command, raw), reply);
}

function update(view: ReturnType<typeof replyView>): ViewAnswer {
  return { response_action: 'update', view };
}

function formAgain(
  parts: SlackParts,
  { id: draftId, command }: Draft,
  raw: Record<string, string>,
  error: unknown,
  problem: Reply,
): ViewAnswer {
  const view = formView({ draftId, command, raw, problem }, parts.runner.settings);
  const errors = error instanceof UserError ? fieldErrors(error, Object.keys(command.input.shape)) : {};
  // Keys that are no input of this form make Slack refuse the whole answer.
  return Object.keys(errors).length > 0
    ? { response_action: 'errors', errors, formAgain: view }
    : { response_action: 'update', view };
}

const ERROR_MAX = 300;

function fieldErrors(error: UserError, names: readonly string[]): Record<string, string> {
  const known = Object.entries(error.fields).filter(([name]) => names.includes(name));
  if (known.length < Object.keys(error.fields).length) return {};
  return Object.fromEntries(
    known.map(([name, sentence]) => [inputBlockId(name), clamp(withHint(error, sentence), ERROR_MAX)]),
  );
}

/** Of one field that is all that is wrong, what to do about it: the form shows nothing else of the error. */
function withHint(error: UserError, sentence: string): string {
  return sentence === error.message && error.hint !== '' ? `${sentence} ${error.hint}` : sentence;
}
