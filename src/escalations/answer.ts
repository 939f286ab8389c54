import type { Sql } from '#db/connection.ts';
import { type EscalationRow, findEscalation, lockEscalation, updateEscalation } from '#db/escalations.ts';
import { requesterInbox } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import { slackIdOf } from '#src/policy/slack-id-of.ts';
import { matterOf, renewEscalationCard, teamOfRow } from './card.ts';

/** @throws UserError when there is none, or it is closed */
export async function requireOpenEscalation(sql: Sql, id: string): Promise<EscalationRow> {
  return checked(id, await findEscalation(sql, id));
}

/** @throws UserError when somebody else took it since `seen` was read: nobody takes it over without knowing */
export async function takeEscalation(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  seen: EscalationRow,
): Promise<EscalationRow> {
  const { id } = seen;
  const held = checked(id, await lockEscalation(sql, id));
  if (held.taker_person !== seen.taker_person) throw takenMeanwhile(held);
  await updateEscalation(sql, held, {
    state: 'taken',
    taker_person: cause.actor.person,
    taker_name: cause.actor.name,
    taken_at: cause.now,
  });
  await renewEscalationCard(sql, settings, cause, id);
  await tellRequester(sql, settings, cause, held, `${cause.actor.name} has it now: ${matterOf(held)}.`);
  await tellFormer(sql, settings, cause, held);
  return held;
}

export async function closeEscalation(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  id: string,
): Promise<EscalationRow> {
  const held = checked(id, await lockEscalation(sql, id));
  const reason = cause.reason ?? 'no reason given';
  await updateEscalation(sql, held, {
    state: 'closed',
    closer_name: cause.actor.name,
    close_reason: reason,
    closed_at: cause.now,
  });
  await renewEscalationCard(sql, settings, cause, id);
  await tellRequester(sql, settings, cause, held, `${cause.actor.name} closed ${matterOf(held)}: ${reason}`);
  return held;
}

/**
 * A card that was not renewed yet still offers it to everybody, so only who means to takes it over.
 *
 * @throws UserError when somebody has it
 */
export function requireUntaken(row: EscalationRow, { actor }: Cause, isOver: boolean): void {
  if (row.state !== 'taken') return;
  if (row.taker_person === actor.person)
    throw new UserError(
      'conflict',
      'You have this already, so nothing was changed.',
      'Close it when it is done.',
    );
  if (isOver) return;
  throw new UserError(
    'conflict',
    `${row.taker_name} has it already, so nothing was changed.`,
    `To take it over: escalation take ${row.id} --over`,
  );
}

function takenMeanwhile(row: EscalationRow): UserError {
  return new UserError(
    'moved',
    `${row.taker_name} took it a moment ago, so nothing was changed.`,
    'Take it over with the same button if you mean to.',
  );
}

/** Whoever had it need not find out by looking. */
async function tellFormer(sql: Sql, settings: Settings, cause: Cause, row: EscalationRow): Promise<void> {
  const slackId = slackIdOf(settings, row.taker_person);
  if (slackId === null || row.taker_person === cause.actor.person) return;
  await postMessage(sql, cause, {
    dedupeKey: `escalation-over:${row.id}:${row.version}`,
    target: `user:${slackId}`,
    reply: {
      tone: 'info',
      title: `${cause.actor.name} took ${matterOf(row)} over from you.`,
      buttons: [{ kind: 'command', label: 'Show it', line: `escalation show ${row.id}` }],
      correlationId: row.correlation_id,
    },
  });
}

/** Directly, unless it was they who did it. */
async function tellRequester(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  row: EscalationRow,
  title: string,
): Promise<void> {
  const inbox = requesterInbox(settings, row);
  if (!inbox || row.requester_person === cause.actor.person) return;
  await postMessage(sql, cause, {
    dedupeKey: `escalation-told:${row.id}:${row.version}`,
    target: inbox,
    reply: {
      tone: 'info',
      title,
      facts: [{ label: 'Team', value: teamOfRow(settings, row).name }],
      buttons: [{ kind: 'command', label: 'Show it', line: `escalation show ${row.id}` }],
      correlationId: row.correlation_id,
    },
  });
}

function checked(id: string, row: EscalationRow | undefined): EscalationRow {
  if (!row) throw unknownEscalation(id);
  if (row.state !== 'closed') return row;
  throw new UserError(
    'conflict',
    `${row.closer_name} closed this at ${formatUtc(row.closed_at ?? 0)}, so nothing was changed: ${row.close_reason}`,
    'Escalate it again if it is not over.',
  );
}

export function unknownEscalation(id: string): UserError {
  return new UserError('not_found', `There is no escalation ${id}.`, 'Look for it with: escalation list', {
    escalation: 'There is no such escalation.',
  });
}
