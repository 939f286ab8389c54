import { listIncidentRooms } from '#db/incident-rooms.ts';
import { type IncidentRow, listOpenIncidents } from '#db/incidents.ts';
import type { Actor } from '#src/core/actor.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { incidentName } from '#src/incidents/find.ts';
import { owedAt } from '#src/incidents/owed-at.ts';
import { readableBy } from '#src/incidents/private.ts';
import { mayRun } from '#src/policy/authorise.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import type { Runner } from '#src/runner/runner.ts';
import { type Block, plainText, type RichText } from '../block-kit.ts';
import { renderButtons } from '../render/render-buttons.ts';
import { lines, own, piece, words } from '../render/rich-text.ts';
import { onCallWords } from './on-call.ts';

const SHOWN_MAX = 5;

/** What is open now, with the way to its room, and who is called tonight. */
export async function incidentBlocks(runner: Runner, actor: Actor): Promise<Block[]> {
  const sql = runner.database.knex;
  const open = await readableBy(sql, actor, await listOpenIncidents(sql));
  const shown = open.slice(-SHOWN_MAX).toReversed();
  const rooms = await listIncidentRooms(
    sql,
    shown.map(({ id }) => id),
  );
  const onCall = lines([await onCallWords(runner)]);
  if (shown.length === 0) return [lines([[own('No incident is open.')]]), onCall];
  const rows = shown.flatMap((row) => {
    const room = rooms.find((one) => one.incident_id === row.id);
    const way: RichText[] =
      room?.channel && room.archived_at === null
        ? [own(' · '), { type: 'channel', channel_id: room.channel }]
        : [];
    return [
      lines([
        [words(`${incidentName(row)}: ${row.title}`, 200, { bold: true })],
        [...standing(runner, row), ...way],
      ]),
      ...renderButtons(buttonsOf(runner, actor, row)),
    ];
  });
  const more = open.length - shown.length;
  return [
    { type: 'header', text: plainText('Open incidents') },
    ...rows,
    ...(more > 0 ? [lines([[own(`… and ${more} more: /lucy incident list`, { italic: true })]])] : []),
    onCall,
  ];
}

function standing(runner: Runner, row: IncidentRow): RichText[] {
  const age = spanWords(runner.clock.now() - row.declared_at);
  const severity = row.severity?.toUpperCase() ?? 'severity not set';
  const leads = row.commander_name === null ? 'nobody leads' : `${row.commander_name} leads`;
  return [
    words(`${row.state} · ${severity} · ${leads} · open for ${age}`, 200),
    ...(row.private_at === null ? nextUpdate(runner, row) : [own(' · private')]),
  ];
}

function nextUpdate(runner: Runner, row: IncidentRow): RichText[] {
  const owed = owedAt(runner.settings, row);
  const late = runner.clock.now() - owed;
  return late >= MINUTE_MS
    ? [own(' · '), words(`the next update is ${spanWords(late)} late`, 60, { bold: true })]
    : [own(' · next update by '), piece({ at: owed }, 60)];
}

/** Only what this person may do: a button that refuses helps nobody at night. */
function buttonsOf(runner: Runner, actor: Actor, row: IncidentRow): ReplyButton[] {
  const name = incidentName(row);
  const all: [string, string, string][] = [
    ['incident status', 'Show', `incident status ${name}`],
    ['incident update', 'Update customers', `incident update --incident ${name}`],
    ['incident note', 'Add a note', `incident note --incident ${name}`],
    ['incident change', 'I lead it', `incident change ${name} --commander me`],
    ['incident resolve', 'Resolve', `incident resolve ${name}`],
  ];
  return all.flatMap(([command, label, line]): ReplyButton[] => {
    const found = runner.commands.find((one) => one.name === command);
    const isOffered =
      found !== undefined &&
      mayRun(runner.settings, found, actor) &&
      !(label === 'I lead it' && row.commander !== null) &&
      !(label === 'Update customers' && row.private_at !== null);
    return isOffered ? [{ kind: 'command', label, line }] : [];
  });
}
