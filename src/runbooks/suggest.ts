import type { Sql } from '#db/connection.ts';
import {
  decideSuggestion,
  findSuggestion,
  insertSuggestion,
  type RunbookSuggestionRow,
} from '#db/runbook-suggestions.ts';
import { requesterInbox } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import { ownerMentions } from './owner.ts';
import type { Procedure } from './procedure.ts';

/** Keeps a suggestion and tells the owner’s channel of it, once. */
export async function keepSuggestion(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  { procedure, text }: { procedure: Procedure; text: string },
): Promise<RunbookSuggestionRow> {
  const { actor, now, correlationId, ticket } = cause;
  const row: RunbookSuggestionRow = {
    id: newId('sug', now),
    runbook: procedure.name,
    suggestion: text,
    ticket: ticket ?? '',
    person: actor.person,
    actor_id: actor.id,
    actor_name: actor.name,
    state: 'open',
    decided_name: null,
    decision: null,
    decided_at: null,
    created_at: now,
    correlation_id: correlationId,
  };
  await insertSuggestion(sql, row);
  await postMessage(sql, cause, {
    dedupeKey: `suggestion:${row.id}`,
    target: settings.runbooks.channel,
    reply: {
      tone: 'info',
      title: `${actor.name} suggests for the runbook “${procedure.title}”: ${text}`,
      mentions: ownerMentions(settings),
      facts: [
        ...(ticket ? [{ label: 'Ticket', value: ticket }] : []),
        { label: 'Suggestion', value: { code: row.id } },
      ],
      buttons: [
        { kind: 'command', label: 'Accept …', line: `runbook accept ${row.id}` },
        { kind: 'command', label: 'Decline …', line: `runbook decline ${row.id}` },
        { kind: 'command', label: 'The runbook', line: `runbook show ${procedure.name}` },
      ],
      correlationId,
    },
  });
  return row;
}

/** @throws UserError when there is none, or it was decided */
export async function requireOpenSuggestion(sql: Sql, id: string): Promise<RunbookSuggestionRow> {
  const row = await findSuggestion(sql, id);
  if (!row)
    throw new UserError(
      'not_found',
      `There is no suggestion ${id}.`,
      'Look for it with: runbook suggestions',
      {
        suggestion: 'There is no such suggestion.',
      },
    );
  if (row.state !== 'open') throw decidedAlready(row);
  return row;
}

/** Decides it once, and tells whoever suggested it. */
export async function decide(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  row: RunbookSuggestionRow,
  state: 'accepted' | 'declined',
): Promise<void> {
  const decision = cause.reason ?? 'no reason given';
  const decided = { state, decided_name: cause.actor.name, decision, decided_at: cause.now };
  if (!(await decideSuggestion(sql, row.id, decided)))
    throw decidedAlready((await findSuggestion(sql, row.id)) ?? row);
  const inbox = requesterInbox(settings, { requester_id: row.actor_id, requester_person: row.person });
  if (inbox === null || row.person === cause.actor.person) return;
  await postMessage(sql, cause, {
    dedupeKey: `suggestion-decided:${row.id}`,
    target: inbox,
    reply: {
      tone: state === 'accepted' ? 'done' : 'info',
      title: `${cause.actor.name} ${state} your suggestion “${row.suggestion}”: ${decision}`,
      correlationId: row.correlation_id,
    },
  });
}

function decidedAlready(row: RunbookSuggestionRow): UserError {
  return new UserError(
    'conflict',
    `${row.decided_name} ${row.state} this already, so nothing was changed: ${row.decision}`,
    'What is open stands in: runbook suggestions',
  );
}
