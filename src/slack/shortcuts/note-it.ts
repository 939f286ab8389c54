import { patiently } from '#db/transaction.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Command } from '#src/runner/define-command.ts';
import { startOrDo } from '#src/runner/start-or-do.ts';
import type { Asked, SlackParts } from '../parts.ts';
import { requestOf } from '../take-line.ts';

export function noteCommand(parts: Pick<SlackParts, 'runner'>): Command {
  const note = parts.runner.commands.find(({ name }) => name === 'incident note');
  if (!note) throw new Error('There is no command “incident note”');
  return note;
}

/** Writes it down, as if the line were typed. A timeline is never rewritten, so the answer says how to put it right. */
export async function noteIt(
  parts: SlackParts,
  asked: Asked,
  note: Command,
  raw: Record<string, string>,
): Promise<Reply> {
  const request = requestOf(asked, note, raw);
  const done = await patiently(() => startOrDo(parts.runner, request));
  parts.runEnded(asked.userId, asked.actor);
  const { tone, title, correlationId = asked.correlationId } = done.reply;
  if (tone !== 'done') return done.reply;
  const incident = raw.incident === undefined ? '' : ` --incident ${raw.incident}`;
  return {
    tone,
    title: `${title.replace(/\.$/, '')}: ${raw.text}`,
    hint: 'A timeline is never rewritten. If this does not belong there, add a note that says so.',
    buttons: [{ kind: 'command', label: 'Add a note', line: `incident note${incident}` }],
    correlationId,
  };
}
