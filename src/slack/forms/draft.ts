import { findRun, insertRun, type RunRow } from '#db/runs.ts';
import { patiently } from '#db/transaction.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Command } from '#src/runner/define-command.ts';
import type { Asked, Origin, SlackParts } from '../parts.ts';

/** A form that a person has open: its command, what was typed, and where it was asked. */
export type Draft = { id: string; command: Command; raw: Record<string, unknown>; origin: Origin };

/** Writes down a form before it is shown, so that any process can take its submission. */
export async function saveDraft(
  parts: SlackParts,
  asked: Asked,
  command: Command,
  raw: Record<string, string>,
): Promise<Draft> {
  const now = parts.runner.clock.now();
  const id = newId('run', now);
  const row: RunRow = {
    id,
    key: null,
    command: command.name,
    state: 'draft',
    actor_id: asked.actor.id,
    actor_name: asked.actor.name,
    person: asked.actor.person,
    surface: 'slack',
    input: JSON.stringify(raw),
    plan: null,
    basis: null,
    reply: null,
    reason: null,
    ticket: null,
    customer_id: null,
    correlation_id: asked.correlationId,
    undo_line: null,
    undone_by: null,
    origin: JSON.stringify(asked.origin),
    created_at: now,
    done_at: null,
  };
  await patiently(() => insertRun(parts.runner.database.knex, row));
  return { id, command, raw, origin: asked.origin };
}

/** The draft behind a submitted form. `private_metadata` is only a pointer: whose draft it is, the row says. */
export async function findDraft(parts: SlackParts, draftId: string, person: string): Promise<Draft> {
  const row = await findRun(parts.runner.database.knex, draftId);
  const command = row && parts.runner.commands.find((candidate) => candidate.name === row.command);
  if (!row || !command || row.state !== 'draft' || row.person !== person) {
    throw new UserError(
      'not_found',
      'Lucy does not know this form any more, so nothing was changed.',
      'Close it, and type /lucy to start anew.',
    );
  }
  return {
    id: row.id,
    command,
    raw: JSON.parse(row.input) as Record<string, unknown>,
    origin: originOf(row),
  };
}

export function originOf(row: RunRow): Origin {
  const origin = row.origin === null ? null : (JSON.parse(row.origin) as Partial<Origin> | null);
  return {
    responseUrl: origin?.responseUrl ?? null,
    threadTs: origin?.threadTs ?? null,
    channelId: origin?.channelId ?? null,
    channelName: origin?.channelName ?? null,
  };
}
