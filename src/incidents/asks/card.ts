import type { Sql } from '#db/connection.ts';
import type { IncidentRoomRow } from '#db/incident-rooms.ts';
import { findIncident, type IncidentRow } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import { counted } from '#src/core/text.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Fact, Reply, ReplyButton } from '#src/replies/reply.ts';
import { incidentName } from '../find.ts';
import { severities, severityOf } from '../severity.ts';

/** The one message that asks how bad it is and who leads: it is edited, not repeated. */
export async function askCard(sql: Sql, id: string): Promise<{ reply: Reply; version: number } | null> {
  const row = await findIncident(sql, id);
  return row ? { reply: describeAsk(row), version: row.version } : null;
}

export async function renewAskCard(
  sql: Sql,
  cause: Cause,
  row: IncidentRow,
  room: IncidentRoomRow | undefined,
): Promise<void> {
  const isInRoom = room?.channel && room.archived_at === null;
  // #incidents hears nothing of a private one; its people are asked once it has a room.
  if (!isInRoom && row.private_at !== null) return;
  await renewCard(sql, cause, {
    key: `incident-ask:${row.id}`,
    target: isInRoom ? (room.channel ?? 'incidents') : 'incidents',
    version: row.version,
    reply: describeAsk(row),
  });
}

function describeAsk(row: IncidentRow): Reply {
  const name = incidentName(row);
  const { severity, commander } = row;
  const isOver = row.state === 'resolved';
  const isAnswered = severity !== null && commander !== null;
  const questions = [
    ...(severity === null ? ['how bad is it'] : []),
    ...(commander === null ? ['who leads'] : []),
  ];
  if (isOver || isAnswered)
    return {
      tone: 'done',
      title: isOver ? `${name} is resolved, so nothing more is asked.` : `${name}: nothing more is asked.`,
      facts: stands(row),
      correlationId: row.correlation_id,
    };
  const times = Math.max(
    severity === null ? row.severity_asks : 0,
    commander === null ? row.commander_asks : 0,
  );
  return {
    tone: 'warning',
    title: `${name}: ${questions.join(', and ')}?`,
    facts: [...stands(row), { label: 'Asked', value: times === 1 ? 'once' : counted(times, 'time') }],
    hint: 'Press one; it can be changed at any time.',
    buttons: answers(row),
    correlationId: row.correlation_id,
  };
}

function stands(row: IncidentRow): Fact[] {
  return [
    { label: 'Severity', value: severityOf(row.severity) },
    { label: 'Commander', value: row.commander_name ?? 'nobody yet' },
  ];
}

function answers(row: IncidentRow): ReplyButton[] {
  const name = incidentName(row);
  const lead: ReplyButton = {
    kind: 'command',
    label: 'I lead it',
    line: `incident change ${name} --commander me`,
  };
  const bad = severities.map(
    (severity): ReplyButton => ({
      kind: 'command',
      label: severityOf(severity),
      line: `incident change ${name} --severity ${severity}`,
    }),
  );
  return [...(row.commander === null ? [lead] : []), ...(row.severity === null ? bad : [])];
}
