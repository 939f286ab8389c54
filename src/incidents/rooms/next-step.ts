import type { IncidentRoomRow } from '#db/incident-rooms.ts';
import type { IncidentRow } from '#db/incidents.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { nameAtTry, roomTopic } from './room-name.ts';

/** One thing to ask of Slack; `rest` until the incident changes, or until then. */
export type Step =
  | { kind: 'create' | 'find'; name: string }
  | { kind: 'invite'; user: string }
  | { kind: 'topic'; topic: string }
  | { kind: 'pin'; ts: string }
  | { kind: 'archive' }
  | { kind: 'unarchive' }
  | { kind: 'rest'; dueAt: number | null };

export type StepKind = Exclude<Step['kind'], 'rest'>;
export type Refusals = Partial<Record<StepKind, string>>;

/** Soon enough for a card that the outbox is about to post. */
const CARD_WAIT_MS = 3 * SECOND_MS;

/**
 * What a room lacks, one thing at a time. It is asked anew after each, so that it goes on where it stopped, whoever
 * goes on.
 *
 * @param seen.wanted Slack member ids of whoever belongs into the room
 * @param seen.cardTs the message of the room’s card, once it is posted
 */
export function nextStep(seen: {
  incident: IncidentRow;
  room: IncidentRoomRow;
  wanted: readonly string[];
  cardTs: string | null;
  archiveAfterMs: number;
  now: number;
}): Step {
  const { incident, room, wanted, cardTs, archiveAfterMs, now } = seen;
  const isOver = incident.state === 'resolved';
  if (room.channel === null) {
    // Nobody needs a room for what is over.
    if (isOver) return { kind: 'rest', dueAt: null };
    return {
      kind: room.asked_at === null ? 'create' : 'find',
      name: nameAtTry(room.wanted_name, room.tries),
    };
  }
  if (room.archived_at !== null) return isOver ? { kind: 'rest', dueAt: null } : { kind: 'unarchive' };
  const refusals = JSON.parse(room.refusals) as Refusals;
  const invited = new Set(JSON.parse(room.invited) as string[]);
  const user = isOver || refusals.invite ? undefined : wanted.find((id) => !invited.has(id));
  if (user !== undefined) return { kind: 'invite', user };
  const topic = roomTopic(incident);
  if (topic !== room.topic && !refusals.topic) return { kind: 'topic', topic };
  if (cardTs !== null && cardTs !== room.pinned_ts && !refusals.pin) return { kind: 'pin', ts: cardTs };
  if (!isOver) return { kind: 'rest', dueAt: cardTs === null ? now + CARD_WAIT_MS : null };
  if (refusals.archive) return { kind: 'rest', dueAt: null };
  const archiveAt = (incident.resolved_at ?? now) + archiveAfterMs;
  return now >= archiveAt ? { kind: 'archive' } : { kind: 'rest', dueAt: archiveAt };
}
