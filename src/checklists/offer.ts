import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import { isFix } from './fixes.ts';

/** After a fix for a ticket: the way to the post-resolution checklist (support runbook section 6). */
export function checklistButtons(
  command: string,
  ticket: string | null,
  customerId: string | null,
): ReplyButton[] {
  if (ticket === null || customerId === null || !isFix(command)) return [];
  const line = lineWithFlags(`runbook start post-resolution ${customerId}`, [['ticket', ticket]]);
  return [{ kind: 'command', label: 'Check list', line }];
}
