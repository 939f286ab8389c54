import { errorMessage, UserError } from '#src/core/errors.ts';
import { defang } from '#src/core/text.ts';
import { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import { RefusedWithReport } from '#src/replies/refused-with-report.ts';
import type { Runner } from '#src/runner/runner.ts';
import { asTypedHere } from './as-typed-here.ts';
import { exitCodes } from './exit-codes.ts';
import { printJson } from './print-reply.ts';
import type { Terminal } from './run-terminal.ts';
import { choiceJson, choiceText } from './tell-choice.ts';
import { tellReport } from './tell-report.ts';

/** Says what went wrong and what to do next, as text or JSON; returns the exit code. */
export function tellError(
  runner: Runner,
  error: unknown,
  correlationId: string,
  isJson: boolean,
  terminal: Terminal,
): number {
  if (error instanceof ChoiceNeeded) {
    if (isJson) terminal.write(choiceJson(error, correlationId));
    else terminal.writeError(choiceText(error, correlationId));
    return exitCodes[error.code];
  }
  if (error instanceof RefusedWithReport) {
    tellReport(error, correlationId, isJson, terminal);
    return exitCodes[error.code];
  }
  const isTold = error instanceof UserError;
  if (!isTold) runner.log.error({ correlationId, err: error, event: 'command_failed' }, errorMessage(error));
  const told = isTold
    ? { code: error.code as string, message: error.message, hint: error.hint }
    : {
        code: 'failed',
        message: 'Something went wrong inside Lucy; nothing was half done.',
        hint: `Look for ${correlationId} in the log. (${errorMessage(error)})`,
      };
  if (isJson) terminal.write(printJson({ error: told, correlationId }));
  else
    terminal.writeError(
      `${defang(told.message)}\n${defang(asTypedHere(told.hint, runner.commands))}\nCorrelation ID ${correlationId}\n`,
    );
  return isTold ? exitCodes[error.code] : 1;
}
