import { updateRoom } from '#db/incident-rooms.ts';
import { touchIncident } from '#db/incidents.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { renewIncidentCard } from '../card.ts';
import { type IncidentNote, noteIncident } from '../note.ts';
import type { Held, RoomDeps } from './carry-rooms.ts';
import type { Step } from './next-step.ts';
import type { Room } from './room-door.ts';

/** Writes down what Slack did. False when somebody else has the room by now. */
export async function settleStep(
  deps: RoomDeps,
  held: Held,
  step: Exclude<Step, { kind: 'rest' }>,
  made: Room | null,
): Promise<boolean> {
  const { room, token, incident } = held;
  const write = (patch: Parameters<typeof updateRoom>[3]) =>
    updateRoom(deps.database.knex, incident.id, token, { ...patch, attempts: 0 });
  switch (step.kind) {
    case 'create':
    case 'find':
      // It was not made: the answer that never came was a no.
      return made ? openRoom(deps, held, made) : write({ asked_at: null });
    case 'invite':
      return write({ invited: JSON.stringify([...(JSON.parse(room.invited) as string[]), step.user]) });
    case 'topic':
      return write({ topic: step.topic });
    case 'pin':
      return write({ pinned_ts: step.ts });
    case 'archive':
      return showChange(deps, held, { archived_at: deps.clock.now() });
    case 'unarchive':
      return showChange(deps, held, { archived_at: null });
  }
}

/** From here on the card in #incidents shows the way to the room, and the room has the card, too. */
async function openRoom(deps: RoomDeps, held: Held, made: Room): Promise<boolean> {
  const { channel, name } = made;
  const { incident } = held;
  const note = { kind: 'state' as const, text: `opened the room #${name}`, dedupeKey: `room:${channel}` };
  deps.log.info(
    { event: 'incident', action: 'incident_room_opened', incident: incident.id, channel },
    'incident',
  );
  return showChange(deps, held, { channel, name, asked_at: null, refusals: '{}' }, note);
}

/** What the cards say of the room has changed. */
async function showChange(
  deps: RoomDeps,
  { incident, token }: Held,
  patch: Parameters<typeof updateRoom>[3],
  note?: IncidentNote,
): Promise<boolean> {
  const cause = {
    ...scheduleCause(deps.clock.now(), 'The room of an incident'),
    correlationId: incident.correlation_id,
  };
  return inTransaction(deps.database, async (sql) => {
    if (!(await updateRoom(sql, incident.id, token, { ...patch, attempts: 0 }))) return false;
    // Who made the room is no matter of timers to its readers.
    const lucy = { ...cause, actor: { ...cause.actor, name: 'Lucy' } };
    if (note) await noteIncident(sql, lucy, incident.id, note);
    await renewIncidentCard(sql, cause, await touchIncident(sql, incident.id));
    return true;
  });
}
