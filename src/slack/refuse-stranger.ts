import { patiently } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import { errorReply, type Reply } from '#src/replies/reply.ts';
import { commandsNear } from '#src/runner/match-command.ts';
import { tokenize } from '#src/runner/parse-line.ts';
import type { Asked, SlackParts } from './parts.ts';

/** Guests, bots and people of other workspaces: a polite no, and a line in the audit, whatever they typed. */
export async function refuseStranger(parts: SlackParts, asked: Asked, line: string): Promise<Reply> {
  const { runner } = parts;
  const { actor, correlationId } = asked;
  const cause = {
    actor,
    surface: 'slack' as const,
    correlationId,
    reason: null,
    ticket: null,
    runId: null,
    now: runner.clock.now(),
  };
  const attempt = {
    command: commandsNear(runner.commands, tokenize(line))[0]?.name ?? 'menu',
    outcome: 'refused' as const,
    customerId: null,
    input: { line },
    before: null,
    after: null,
  };
  await patiently(() => recordAudit(runner.database.knex, cause, attempt));
  return errorReply(
    actor.refusal ?? 'Lucy does not know you.',
    'Ask a colleague who is a full member of this workspace to do it for you.',
    correlationId,
  );
}
