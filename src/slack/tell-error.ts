import { errorMessage, UserError } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import { RefusedWithReport } from '#src/replies/refused-with-report.ts';
import { errorReply, type Reply } from '#src/replies/reply.ts';

/** An error as an answer: what a person can mend is told, a defect is logged and its correlation id given. */
export function tellError(log: Log, error: unknown, correlationId: string): Reply {
  if (error instanceof ChoiceNeeded || error instanceof RefusedWithReport)
    return { ...error.reply, correlationId };
  if (error instanceof UserError) return errorReply(error.message, error.hint, correlationId);
  log.error({ correlationId, err: error, event: 'slack_request_failed' }, errorMessage(error));
  return errorReply(
    'Something went wrong inside Lucy; nothing was half done.',
    'Try again. If it happens again, give on-call the correlation id below.',
    correlationId,
  );
}
