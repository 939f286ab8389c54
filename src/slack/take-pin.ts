import { z } from 'zod';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { incidentName } from '#src/incidents/find.ts';
import { addToTimeline, messageKey } from '#src/incidents/note.ts';
import { incidentHere } from '#src/incidents/rooms/here.ts';
import type { SlackParts } from './parts.ts';
import { permalinkOf } from './shortcuts/message-shortcut.ts';
import { authorName, saidWords } from './shortcuts/said-words.ts';

/** docs.slack.dev/reference/events/pin_added */
const pinSchema = z.object({
  user: z.string(),
  channel_id: z.string(),
  item: z.object({
    type: z.string(),
    message: z
      .object({
        ts: z.string(),
        text: z.string().nullish(),
        user: z.string().nullish(),
        username: z.string().nullish(),
        permalink: z.string().nullish(),
      })
      .nullish(),
  }),
});

/**
 * What somebody pins in the room of an incident stands in its timeline, once, however often the event comes. Whoever is
 * in the room may do that; Lucy’s own pin of the card is none.
 */
export async function takePin(
  parts: SlackParts,
  event: unknown,
  { botUserId }: { botUserId: string | null },
): Promise<void> {
  const pin = pinSchema.parse(event);
  const { message } = pin.item;
  if (!message || pin.user === botUserId) return;
  const { database, clock } = parts.runner;
  const place = { channelId: pin.channel_id, threadTs: null };
  const incident = await incidentHere(database.knex, place);
  if (!incident) return;
  const actor = await parts.members.actorOf({ userId: pin.user, teamId: null });
  if (actor.refusal !== null) return;
  const author = await authorName(parts, { userId: message.user ?? null, name: message.username ?? null });
  const said = saidWords({ author, channelName: null, text: message.text ?? '' });
  const link = message.permalink ?? (await permalinkOf(parts, { channelId: pin.channel_id, ts: message.ts }));
  const now = clock.now();
  const cause = {
    actor,
    surface: 'slack' as const,
    correlationId: newCorrelationId(now),
    reason: 'Pinned in the room of the incident',
    ticket: null,
    runId: null,
    now,
  };
  const isNew = await inTransaction(database, async (sql) => {
    const isAdded = await addToTimeline(sql, cause, incident.id, {
      kind: 'pin',
      text: `pinned ${said} ${link}`,
      dedupeKey: messageKey(pin.channel_id, message.ts),
    });
    if (isAdded)
      await recordAudit(sql, cause, {
        command: 'incident pin',
        outcome: 'done',
        customerId: null,
        input: { channel: pin.channel_id, message: message.ts },
        before: { incident: incidentName(incident) },
        after: { incident: incidentName(incident), pinned: said },
      });
    return isAdded;
  });
  if (isNew) parts.runEnded(pin.user, actor);
}
