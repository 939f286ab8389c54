import type { Sql } from '#db/connection.ts';
import { type IncidentEntryRow, listIncidentEntries } from '#db/incident-entries.ts';
import { findIncidentRoom, type IncidentRoomRow } from '#db/incident-rooms.ts';
import { findIncident, type IncidentRow } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import { spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Fact, Reply, ReplyButton, Section, Value } from '#src/replies/reply.ts';
import { isDrill } from './drill-mark.ts';
import { incidentName } from './find.ts';
import { noteWords } from './note-words.ts';
import { owedAt } from './owed-at.ts';
import { roomCardKey } from './rooms/room-card.ts';
import { severityOf } from './severity.ts';

const SHOWN = 12;

/** The headline card of an incident: what it is, how bad, who leads, and what was done so far. */
export async function incidentCard(
  sql: Sql,
  settings: Settings,
  id: string,
): Promise<{ row: IncidentRow; reply: Reply; version: number } | null> {
  const row = await findIncident(sql, id);
  if (!row) return null;
  return { row, version: row.version, reply: await describeIncident(sql, row, settings, { isCard: true }) };
}

/** The same picture for whoever asks; a card, which people without any role may read, says less of customers. */
export async function describeIncident(
  sql: Sql,
  row: IncidentRow,
  settings: Settings | null,
  { isCard }: { isCard: boolean } = { isCard: false },
): Promise<Reply> {
  const entries = await listIncidentEntries(sql, row.id);
  const room = await findIncidentRoom(sql, row.id);
  const name = incidentName(row);
  const isOver = row.state === 'resolved';
  return {
    tone: isOver ? 'done' : 'warning',
    title: isOver ? `${name} is resolved: ${row.title}` : `${name}, ${row.state}: ${row.title}`,
    facts: [...factsOf(row), ...roomFacts(room), ...owedFacts(row, settings)],
    sections: [timelineSection(entries, isCard ? cardText : entryText)],
    buttons: buttonsOf(row),
    correlationId: row.correlation_id,
    json: {
      incident: name,
      title: row.title,
      state: row.state,
      severity: row.severity,
      commander: row.commander_name,
      declaredAt: new Date(row.declared_at).toISOString(),
      resolvedAt: row.resolved_at === null ? null : new Date(row.resolved_at).toISOString(),
      timeline: entries.map(({ kind, text, actor_name, at }) => ({
        at: new Date(at).toISOString(),
        kind,
        who: actor_name,
        text,
      })),
    },
  };
}

function factsOf(row: IncidentRow): Fact[] {
  const lasted =
    row.resolved_at === null
      ? []
      : [{ label: 'Lasted', value: spanWords(row.resolved_at - row.declared_at) }];
  return [
    ...(isDrill(row) ? [{ label: 'Drill', value: 'Nothing of it is real, published or counted.' }] : []),
    { label: 'Severity', value: severityOf(row.severity) },
    { label: 'Commander', value: row.commander_name ?? 'nobody yet' },
    { label: 'Declared', value: { at: row.declared_at } },
    ...lasted,
  ];
}

/** Where it is worked on. What is archived is shown by its name: nobody can do anything there. */
function roomFacts(room: IncidentRoomRow | undefined): Fact[] {
  if (!room?.channel || room.name === null) return [];
  const { channel, name } = room;
  return [
    { label: 'Room', value: room.archived_at === null ? { channel, name } : `#${name}, in Slack’s archive` },
  ];
}

/** The playbook’s duty: what customers were told, and when they hear the next. */
function owedFacts(row: IncidentRow, settings: Settings | null): Fact[] {
  if (row.state === 'resolved' || settings === null) return [];
  if (row.private_at !== null) return [{ label: 'Customers', value: 'Hear nothing of it: it is private' }];
  return [
    {
      label: 'Customers',
      value:
        row.public_title === null
          ? 'Heard nothing yet'
          : `${isDrill(row) ? 'Would have read' : 'Read'} “${row.public_title}”`,
    },
    { label: 'Next update by', value: { at: owedAt(settings, row) } },
  ];
}

function timelineSection(
  entries: readonly IncidentEntryRow[],
  say: (entry: IncidentEntryRow) => string,
): Section {
  const shown = entries.slice(-SHOWN);
  return {
    heading:
      shown.length < entries.length ? `The last ${shown.length} of ${entries.length} entries` : 'Timeline',
    lines: shown.map((entry): Value[] => [{ at: entry.at }, `${entry.actor_name}: ${say(entry)}`]),
    empty: 'Nothing yet.',
  };
}

/** Where a message stood is in the postmortem; here the address would hide the words. */
function entryText(entry: IncidentEntryRow): string {
  return noteWords(entry).replace(/ https?:\/\/\S+\/archives\/\S+$/, '');
}

/**
 * What was done to a customer is told in full by `incident status` and the postmortem, to whoever has a role. The
 * channels of cards may be read by others: no address, and no reason, which is often about the customer.
 */
export function cardText(entry: IncidentEntryRow): string {
  if (!isDone.has(entry.kind)) return entryText(entry);
  const [did = ''] = entryText(entry).split(' (“');
  return `${did.replace(address, 'a customer')}${entry.line === null ? '' : ` · ${entry.line}`}`;
}

const isDone: ReadonlySet<string> = new Set(['command', 'reconciliation', 'alert', 'release']);
const address = /[^\s@<>"'“”‘’(),;:]+@[^\s@<>"'“”‘’(),;:]+/gu;

function buttonsOf(row: IncidentRow): ReplyButton[] {
  const name = incidentName(row);
  if (row.state === 'resolved')
    return [{ kind: 'command', label: 'Reopen', line: `incident reopen ${name}` }];
  return [
    ...(row.private_at === null
      ? [
          {
            kind: 'command' as const,
            label: 'Update customers',
            line: `incident update --incident ${name}`,
          },
        ]
      : []),
    ...(row.severity === null
      ? [{ kind: 'command' as const, label: 'Set the severity', line: `incident change ${name}` }]
      : []),
    { kind: 'command', label: 'Add a note', line: `incident note --incident ${name}` },
    { kind: 'command', label: 'Resolve', line: `incident resolve ${name}` },
  ];
}

/** Brings the cards up to date, in the transaction of the change; `row` is as it stands after it. */
export async function renewIncidentCard(sql: Sql, cause: Cause, row: IncidentRow): Promise<void> {
  // What is sent is made from the rows when it is sent, with the settings of whoever sends it.
  const reply = await describeIncident(sql, row, null, { isCard: true });
  const { version } = row;
  if (row.private_at === null)
    await renewCard(sql, cause, { key: `incident:${row.id}`, target: 'incidents', version, reply });
  const room = await findIncidentRoom(sql, row.id);
  if (room?.channel && room.archived_at === null)
    await renewCard(sql, cause, { key: roomCardKey(room), target: room.channel, version, reply });
}
