import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { UserError } from '#src/core/errors.ts';
import { incidentName } from '#src/incidents/find.ts';
import { addToTimeline, messageKey } from '#src/incidents/note.ts';
import { requireReader } from '#src/incidents/private.ts';
import { incidentHere } from '#src/incidents/rooms/here.ts';
import { requireNoMaintenance } from '#src/maintenance/require-open.ts';
import { authorise } from '#src/policy/authorise.ts';
import { answerDirectly, answerPrivately } from './answer-privately.ts';
import { nameOfChannel } from './name-of-channel.ts';
import type { SlackParts } from './parts.ts';
import { renderReply } from './render/render-reply.ts';
import { permalinkOf } from './shortcuts/message-shortcut.ts';
import { noteCommand } from './shortcuts/note-it.ts';
import { authorName, saidWords } from './shortcuts/said-words.ts';
import { tellError } from './tell-error.ts';

/** docs.slack.dev/reference/events/pin_added */
const pinSchema = z.object({
  user: z.string(),
  channel_id: z.string(),
  item: z.object({
    type: z.string(),
    message: z
      .object({
        ts: z.string(),
        thread_ts: z.string().nullish(),
        text: z.string().nullish(),
        user: z.string().nullish(),
        username: z.string().nullish(),
        permalink: z.string().nullish(),
      })
      .nullish(),
  }),
});

/**
 * What somebody pins in the room of an incident, or in the thread of its card, stands in its timeline, once, however
 * often the event comes. It is a note, so whoever may write notes may do that; others are told so. Lucy’s own pin of the
 * card is none.
 */
export async function takePin(
  parts: SlackParts,
  event: unknown,
  { botUserId }: { botUserId: string | null },
): Promise<void> {
  const pin = pinSchema.parse(event);
  const { message } = pin.item;
  if (!message || pin.user === botUserId) return;
  const { database, clock, settings } = parts.runner;
  const place = { channelId: pin.channel_id, threadTs: message.thread_ts ?? null };
  const incident = await incidentHere(database.knex, place);
  if (!incident) return;
  const actor = await parts.members.actorOf({ userId: pin.user, teamId: null });
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
  const channelName = await nameOfChannel(parts, pin.channel_id);
  const mayPin = async (sql: Sql) => {
    authorise(settings, noteCommand(parts), actor, { channelId: pin.channel_id, channelName });
    await requireNoMaintenance(sql, 'incident note', now);
    await requireReader(sql, actor, incident);
  };
  const author = await authorName(parts, { userId: message.user ?? null, name: message.username ?? null });
  const said = saidWords({ author, channelName: null, text: message.text ?? '' });
  const link = message.permalink ?? (await permalinkOf(parts, { channelId: pin.channel_id, ts: message.ts }));
  const write = async (sql: Sql) => {
    await mayPin(sql);
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
  };
  try {
    if (await inTransaction(database, write)) parts.runEnded(pin.user, actor);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await sayWhyNot(parts, pin, error, cause.correlationId);
  }
}

async function sayWhyNot(
  parts: SlackParts,
  { user, channel_id: channelId }: { user: string; channel_id: string },
  error: UserError,
  correlationId: string,
): Promise<void> {
  const said = tellError(parts.log, error, correlationId);
  const message = renderReply({ ...said, title: `The pin went into no timeline. ${said.title}` });
  const isSaid = await answerPrivately(parts, { userId: user, channelId, threadTs: null }, message);
  if (!isSaid) await answerDirectly(parts, user, message);
}
