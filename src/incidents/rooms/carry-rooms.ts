import { findCard } from '#db/cards.ts';
import type { Database } from '#db/connection.ts';
import {
  findIncidentRoom,
  type IncidentRoomRow,
  leaseRoom,
  listRoomsToLookAt,
  updateRoom,
} from '#db/incident-rooms.ts';
import { findIncident, type IncidentRow } from '#db/incidents.ts';
import type { Clock } from '#src/core/clock.ts';
import { DAY_MS, MINUTE_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { SendFailure, type SendProblem } from '#src/outbox/announcer.ts';
import { isDrill } from '../drill-mark.ts';
import { roomMembers } from './members.ts';
import { nextStep, type Step } from './next-step.ts';
import { roomCardKey } from './room-card.ts';
import type { Room, RoomDoor } from './room-door.ts';
import { settleProblem } from './settle-problem.ts';
import { settleStep } from './settle-step.ts';

export type RoomDeps = {
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
  rooms: RoomDoor;
};

/** Longer than any one call to Slack can take; it is lengthened with every step. */
const LEASE_MS = MINUTE_MS;
/** More than any room needs at once; the rest follows at the next look. */
const STEPS_MAX = 60;

/** What a step is done with: the rows as they stood before it, and the lease under which it is written down. */
export type Held = { incident: IncidentRow; room: IncidentRoomRow; token: string };

/**
 * Brings the rooms of incidents to what their rows say, one call at a time. A process that dies leaves what it did in
 * the row, and another goes on. Slack being away delays it and loses nothing.
 *
 * @returns how many rooms were looked at
 */
export async function carryRooms(deps: RoomDeps): Promise<number> {
  const now = deps.clock.now();
  const ids = await listRoomsToLookAt(deps.database.knex, now, 20);
  for (const id of ids) await carryRoom(deps, id);
  return ids.length;
}

async function carryRoom(deps: RoomDeps, incidentId: string): Promise<void> {
  const { database, clock } = deps;
  const token = newId('lease', clock.now());
  if (!(await leaseRoom(database.knex, incidentId, token, clock.now(), clock.now() + LEASE_MS))) return;
  for (let steps = 0; steps < STEPS_MAX; steps++) if (!(await stepRoom(deps, incidentId, token))) return;
  await updateRoom(database.knex, incidentId, token, { lease_token: null, lease_until: null });
}

/** Whether there is more to do, and the room is still ours. */
async function stepRoom(deps: RoomDeps, incidentId: string, token: string): Promise<boolean> {
  const { database, settings, clock } = deps;
  const sql = database.knex;
  const now = clock.now();
  const [incident, room] = [await findIncident(sql, incidentId), await findIncidentRoom(sql, incidentId)];
  if (!incident || !room) return false;
  const step = nextStep({
    incident,
    room,
    wanted: await roomMembers(sql, settings, incident, now),
    cardTs: room.channel === null ? null : ((await findCard(sql, roomCardKey(room)))?.ts ?? null),
    archiveAfterMs: settings.incidents.archive_rooms_after_days * DAY_MS,
    now,
  });
  if (step.kind === 'rest') {
    await updateRoom(sql, incidentId, token, {
      looked_version: incident.version,
      due_at: step.dueAt,
      attempts: 0,
      lease_token: null,
      lease_until: null,
    });
    return false;
  }
  const begun = {
    lease_until: now + LEASE_MS,
    // Should the answer never come, the channel is looked for before another one is made.
    ...(step.kind === 'create' ? { asked_at: now } : {}),
  };
  if (!(await updateRoom(sql, incidentId, token, begun))) return false;
  const held: Held = { incident, room: { ...room, ...begun }, token };
  return takeStep(deps, held, step);
}

async function takeStep(deps: RoomDeps, held: Held, step: Exclude<Step, { kind: 'rest' }>): Promise<boolean> {
  try {
    const made = await callSlack(deps.rooms, held, step);
    return await settleStep(deps, held, step, made);
  } catch (error) {
    return settleProblem(deps, held, step, problemOf(error));
  }
}

/** The room where one was made or found; null of everything else that was done. */
async function callSlack(
  rooms: RoomDoor,
  { incident, room }: Held,
  step: Exclude<Step, { kind: 'rest' }>,
): Promise<Room | null> {
  const channel = room.channel ?? '';
  if (step.kind === 'create')
    return inKind(incident, async (isPrivate) => rooms.create(step.name, isPrivate));
  if (step.kind === 'find')
    return inKind(incident, async (isPrivate) => rooms.find(step.name, isPrivate, room.asked_at ?? 0));
  if (step.kind === 'invite') await rooms.invite(channel, step.user);
  else if (step.kind === 'topic') await rooms.setTopic(channel, step.topic);
  else if (step.kind === 'pin') await rooms.pin(channel, step.ts);
  else if (step.kind === 'archive') await rooms.archive(channel);
  else await rooms.unarchive(channel);
  return null;
}

/**
 * A private incident has a private room or none, any other one a public room. A drill is for those who take part, so its
 * room is private where the app may make such, else public.
 */
async function inKind<T>(incident: IncidentRow, call: (isPrivate: boolean) => Promise<T>): Promise<T> {
  if (incident.private_at !== null) return call(true);
  if (!isDrill(incident)) return call(false);
  try {
    return (await call(true)) ?? (await call(false));
  } catch (error) {
    const problem = problemOf(error);
    if (problem.kind !== 'refused' || problem.code === 'name_taken') throw error;
    return call(false);
  }
}

function problemOf(error: unknown): SendProblem {
  if (error instanceof SendFailure) return error.problem;
  throw error;
}
