import { listOpenIncidents } from '#db/incidents.ts';
import { patiently } from '#db/transaction.ts';
import { UserError } from '#src/core/errors.ts';
import { incidentName } from '#src/incidents/find.ts';
import { readableBy } from '#src/incidents/private.ts';
import { incidentHere } from '#src/incidents/rooms/here.ts';
import type { Reply } from '#src/replies/reply.ts';
import { authoriseOrAudit } from '#src/runner/start-run.ts';
import { saveDraft } from '../forms/draft.ts';
import { openModal } from '../open-form.ts';
import type { Asked, SlackParts } from '../parts.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import { requestOf } from '../take-line.ts';
import { type ChosenMessage, permalinkOf } from './message-shortcut.ts';
import { noteCommand, noteIt } from './note-it.ts';
import { authorName, saidWords } from './said-words.ts';
import { timelineForm } from './timeline-form.ts';

/**
 * “Add to incident timeline”: into the incident whose room it is, or the only one that is open; with several, a window
 * asks which. The role is asked for at the click.
 *
 * @returns what to say; null when a window came up
 */
export async function addToTimeline(
  parts: SlackParts,
  asked: Asked,
  chosen: ChosenMessage,
): Promise<Reply | null> {
  const note = noteCommand(parts);
  if (asked.actor.refusal !== null) return refuseStranger(parts, asked, note.name);
  const author = await authorName(parts, chosen.author);
  const raw = {
    text: saidWords({ author, channelName: chosen.origin.channelName, text: chosen.text }),
    link: await permalinkOf(parts, { channelId: chosen.origin.channelId, ts: chosen.ts }),
  };
  const sql = parts.runner.database.knex;
  const here = await incidentHere(sql, asked.origin);
  const open = here ? [here] : await readableBy(sql, asked.actor, await listOpenIncidents(sql));
  const [only, ...others] = open;
  if (!only || others.length === 0)
    return noteIt(parts, asked, note, { ...raw, ...(only ? { incident: incidentName(only) } : {}) });
  await patiently(() => authoriseOrAudit(parts.runner, requestOf(asked, note, raw)));
  const draft = await saveDraft(parts, asked, note, raw);
  const view = timelineForm(draft.id, raw.text, open);
  const opened = await openModal(parts, { kind: 'open', triggerId: chosen.triggerId }, view);
  if (opened.ok) return null;
  throw new UserError(
    'unavailable',
    'Slack did not open the window that asks which incident is meant; nothing was noted.',
    'Choose it again in the message’s menu, or do it in the room of the incident.',
  );
}
