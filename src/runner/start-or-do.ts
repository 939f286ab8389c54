import type { Reply } from '#src/replies/reply.ts';
import { confirmRun } from './confirm-run.ts';
import type { Command } from './define-command.ts';
import type { Request, Runner } from './runner.ts';
import { type Started, startRun } from './start-run.ts';

/** What was typed is all that there is to say, such as a note: nobody is asked whether they mean it. */
export function isDoneAtOnce(command: Command): boolean {
  return command.effect !== 'reads' && command.isDoneAtOnce === true;
}

/**
 * Starts it, and carries it out with that where nobody needs to be asked: planned, judged by the policy and audited like
 * any other. One that broke off in between is carried out when its request comes again.
 */
export async function startOrDo(
  runner: Runner,
  request: Request,
): Promise<Started | { kind: 'done'; reply: Reply }> {
  const started = await startRun(runner, request);
  if (!isDoneAtOnce(request.command)) return started;
  const isOpen = started.kind === 'preview' || (started.kind === 'repeat' && started.state === 'planned');
  if (!isOpen) return started;
  const reply = await confirmRun(runner, started.runId, request.actor, request.surface);
  return { kind: 'done', reply };
}
