import type { Sql } from '#db/connection.ts';
import { lockEscalation } from '#db/escalations.ts';
import type { Cause } from '#src/core/cause.ts';
import { spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { type MessageTarget, postMessage } from '#src/outbox/post.ts';
import { cardKey, matterOf, teamOfRow } from './card.ts';

/** Nobody took it until now: the team is called once more, in the card’s thread, and never again. */
export async function remindOfEscalation(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  id: string,
): Promise<void> {
  const row = await lockEscalation(sql, id);
  if (row?.state !== 'open') return;
  const team = teamOfRow(settings, row);
  await postMessage(sql, cause, {
    dedupeKey: `escalation-reminder:${id}`,
    target: row.target as MessageTarget,
    threadOf: cardKey(id),
    onlyWhile: `escalation:${id}`,
    reply: {
      tone: 'warning',
      title: `Nobody at ${team.name} has ${matterOf(row)} after ${spanWords(cause.now - row.created_at)}; ${row.requester_name} waits.`,
      mentions: team.mentions,
      hint: 'Take it with the button of the card above.',
      correlationId: row.correlation_id,
    },
  });
}
