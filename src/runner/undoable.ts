import type { Sql } from '#db/connection.ts';
import { findRun, lockRun, type RunRow } from '#db/runs.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { authorise } from '#src/policy/authorise.ts';
import { readReply } from '#src/replies/reply.ts';
import type { ChangeCommand, CommandContext } from './define-command.ts';
import { parseLine } from './parse-line.ts';

/** The run, if it was done, is not undone, and says how it can be; else why not, and what to do instead. */
export async function findUndoable(sql: Sql, id: string): Promise<RunRow> {
  return checked(sql, id, await findRun(sql, id));
}

/** The same, held: of two people who undo one run at once, one does and the other is told. */
export async function holdUndoable(sql: Sql, id: string): Promise<RunRow> {
  return checked(sql, id, await lockRun(sql, id));
}

async function checked(sql: Sql, id: string, run: RunRow | undefined): Promise<RunRow> {
  if (!run) {
    throw new UserError(
      'not_found',
      `There is no run ${id}.`,
      'The run stands on the receipt, and in the feed channel’s message.',
      { run: 'There is no such run.' },
    );
  }
  if (run.state === 'waiting' || run.state === 'carrying') {
    const isWaiting = run.state === 'waiting';
    throw new UserError(
      'conflict',
      isWaiting
        ? `${run.id} (${run.command}) waits for an approval, so there is nothing to undo yet.`
        : `${run.id} (${run.command}) is on its way, and cannot be taken back before it is at its end.`,
      isWaiting
        ? 'Withdraw the request instead: “approval list” shows it.'
        : 'Wait until it is done; its card shows how far it is.',
      { run: isWaiting ? 'It waits for an approval.' : 'It is on its way.' },
    );
  }
  if (run.state !== 'done') {
    throw new UserError(
      'conflict',
      `${run.id} (${run.command}) was never carried out, so there is nothing to undo.`,
      'An open preview is cancelled with its own button, or by leaving it.',
      { run: 'It was never carried out.' },
    );
  }
  if (run.undone_by) throw await undoneAlready(sql, run, run.undone_by);
  if (!run.undo_line) {
    throw new UserError(
      'conflict',
      `${run.id} (${run.command}) cannot be undone.`,
      undoSentence(run) ?? 'Do the opposite by hand, and name this run in the reason.',
      { run: 'This run cannot be undone.' },
    );
  }
  return run;
}

async function undoneAlready(sql: Sql, run: RunRow, undoneBy: string): Promise<UserError> {
  const undoing = await findRun(sql, undoneBy);
  const who = undoing
    ? `${undoing.actor_name} at ${formatUtc(undoing.done_at ?? undoing.created_at)}`
    : undoneBy;
  return new UserError(
    'conflict',
    `${run.id} was undone already by ${who}, so nothing was changed.`,
    `To bring it back: undo ${undoneBy}`,
    { run: 'It was undone already.' },
  );
}

/** What the receipt said of undoing. */
function undoSentence(run: RunRow): string | null {
  const value = readReply(run.reply)?.facts?.find((fact) => fact.label === 'Undo')?.value;
  return typeof value === 'string' ? value : null;
}

/** The command that takes a run back, if this person may run it, with its inputs and the reason for undoing. */
export function commandOfUndo(
  { commands, settings, cause }: Pick<CommandContext, 'commands' | 'settings' | 'cause'>,
  run: RunRow,
): { command: ChangeCommand; raw: Record<string, unknown> } {
  const { command, raw } = parseLine(commands, run.undo_line ?? '');
  if (command.effect === 'reads') throw new Error(`The undo line of ${run.id} changes nothing`);
  authorise(settings, command, cause.actor);
  return {
    command,
    raw: {
      ...raw,
      reason: cause.reason ?? undefined,
      ...(cause.ticket ? { ticket: cause.ticket } : {}),
    },
  };
}
