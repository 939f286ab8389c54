import type { Sql } from '#db/connection.ts';
import { listIncidentUpdates } from '#db/incident-updates.ts';
import type { IncidentRow } from '#db/incidents.ts';
import { mentionsOfRole } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import { spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { calledWords, onCallAt, rotaMentions } from '#src/oncall/rota.ts';
import { postMessage } from '#src/outbox/post.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Stage } from './clock.ts';
import { callSettings, isDrill, leaderId } from './drill-mark.ts';
import { incidentName } from './find.ts';
import { openRoomOf } from './rooms/open-room.ts';

/** Of each state, when there is nothing new to say. */
export const stillWords: Record<IncidentRow['state'], string> = {
  investigating: 'We are still looking for the cause. We will tell you more as soon as we know it.',
  identified: 'We know the cause and are still working on the fix.',
  monitoring: 'The fix is in place, and we are still watching whether everything stays well.',
  resolved: 'This is resolved.',
};

/**
 * The draft, the reminder and the page, each with an update ready to publish: in the room of the incident, and while it
 * has none in the thread of its card. A page goes directly to whoever is called and whoever leads, too: side by
 * side, so that one whom Slack cannot reach holds up nobody.
 */
export async function tellStage(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incident: IncidentRow,
  stage: Stage,
  owedAt: number,
): Promise<void> {
  const calls = await callSettings(sql, settings, incident);
  const reply = await owedReply(sql, calls, cause, incident, stage, owedAt);
  const clock = `incident-clock:${incident.id}:${incident.clock_at}` as const;
  const dedupeKey = `${clock}:${stage}:${incident.pages}`;
  // A drill shows each stage, however fast its clock runs.
  const onlyWhile = isDrill(incident) ? {} : { onlyWhile: clock };
  const room = await openRoomOf(sql, incident.id);
  const place = room
    ? { target: room }
    : { target: 'incidents' as const, threadOf: `incident:${incident.id}` };
  await postMessage(sql, cause, { dedupeKey, ...place, ...onlyWhile, reply });
  if (stage !== 'page') return;
  for (const slackId of calledDirectly(calls, incident))
    await postMessage(sql, cause, {
      dedupeKey: `${dedupeKey}:dm:${slackId}`,
      target: `user:${slackId}`,
      ...onlyWhile,
      reply,
    });
}

function calledDirectly(settings: Settings, incident: IncidentRow): Set<string> {
  const called = onCallAt(settings, levelOf(settings, incident))?.slackId;
  return new Set([called, leaderId(settings, incident)].filter((id) => id != null));
}

async function owedReply(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incident: IncidentRow,
  stage: Stage,
  owedAt: number,
): Promise<Reply> {
  const name = incidentName(incident);
  const published = await listIncidentUpdates(sql, [incident.id]);
  const since = published.length > 0 ? 'the last update' : 'it was declared, and customers heard nothing yet';
  const silent = spanWords(cause.now - incident.clock_at);
  const titles: Record<Stage, string> = {
    none: '',
    draft: `${name}: an update for customers is owed soon; here is a draft.`,
    nag: `${name}: an update for customers is owed now, ${silent} after ${since}.`,
    page: `${name}: customers wait for an update, ${silent} after ${since}.`,
  };
  return {
    tone: stage === 'draft' ? 'info' : 'warning',
    title: titles[stage],
    facts: [
      { label: 'Owed', value: { at: owedAt } },
      stage === 'page'
        ? { label: 'Called', value: whoIsCalled(settings, incident) }
        : { label: 'Asked', value: incident.commander_name ?? calledWords(settings, 0) },
      { label: 'Draft', value: stillWords[incident.state] },
    ],
    hint: 'You see it as customers will before it is published. Change the text if you know more.',
    buttons: [
      {
        kind: 'command',
        label: 'Preview the draft',
        line: lineWithFlags('incident update', [
          ['incident', name],
          ['text', stillWords[incident.state]],
        ]),
      },
      {
        kind: 'command',
        label: 'Write another',
        line: lineWithFlags('incident update', [['incident', name]]),
      },
    ],
    mentions: stage === 'draft' ? {} : whom(settings, incident, stage),
    correlationId: incident.correlation_id,
  };
}

function whom(settings: Settings, incident: IncidentRow, stage: Stage): NonNullable<Reply['mentions']> {
  const slackId = leaderId(settings, incident);
  if (stage === 'nag' && slackId) return { users: [slackId] };
  const mentions = rotaMentions(settings, Math.max(0, incident.pages - 1));
  // Whom Slack does not know reads no message: whoever is on call there is mentioned, and sees whom to telephone.
  return Object.values(mentions).flat().length > 0 ? mentions : mentionsOfRole(settings, 'oncall');
}

/** The first page is whoever is first in the rota, the next one the next, and after the last the first again. */
function levelOf(settings: Settings, { pages }: IncidentRow): number {
  const level = Math.max(0, pages - 1);
  return onCallAt(settings, level) ? level : 0;
}

/** After the last of the rota the numbers of all stand there; a drill has none. */
function whoIsCalled(settings: Settings, incident: IncidentRow): string {
  const isPlayed = isDrill(incident);
  return calledWords(settings, isPlayed ? levelOf(settings, incident) : Math.max(0, incident.pages - 1));
}
