import type { Reply } from '#src/replies/reply.ts';
import { answerDirectly, answerPrivately } from '../answer-privately.ts';
import type { Message, ModalView } from '../block-kit.ts';
import { waitingView } from '../forms/form-view.ts';
import { replyView } from '../forms/reply-view.ts';
import { inTime } from '../in-time.ts';
import { menuMessage } from '../menu/menu.ts';
import { openForm, openModal } from '../open-form.ts';
import type { Asked, SlackParts } from '../parts.ts';
import { renderReply } from '../render/render-reply.ts';
import { renderTaken } from '../render/render-taken.ts';
import type { Taken } from '../take-line.ts';
import { type Click, modalPlace } from './action-place.ts';

/** A trigger lives three seconds: what is not ready by then gets a modal that is filled in later. */
const OPEN_WITHIN_MS = 1_500;

const workingOnIt = renderReply({ tone: 'info', title: 'Working on it …' });

/** Shows what became of a line where its button was: next to the message, or in a modal over Home and modals. */
export async function answerClick(
  parts: SlackParts,
  asked: Asked,
  click: Click,
  work: Promise<Taken>,
): Promise<void> {
  const first = await inTime(work, OPEN_WITHIN_MS);
  if (click.place.kind === 'message') {
    if (!first) await parts.responses.send(click.place.responseUrl, workingOnIt);
    return answerInMessage(parts, asked, click, first?.value ?? (await work));
  }
  if (first?.value.kind === 'form') return openOrTell(parts, asked, click, first.value);
  const view = first ? takenView(parts, asked, first.value) : waitingView('Lucy', 'Working on it …');
  const opened = await openModal(parts, modalPlace(click), view);
  if (!opened.ok) return tell(parts, asked, click, replyOf(await work));
  if (first) return;
  await updateView(parts, opened.viewId, takenView(parts, asked, await work), asked, click);
}

async function answerInMessage(parts: SlackParts, asked: Asked, click: Click, taken: Taken): Promise<void> {
  if (taken.kind === 'form') return openOrTell(parts, asked, click, taken);
  const message = taken.kind === 'menu' ? menuMessage(parts.runner, asked.actor) : renderTaken(taken);
  await sayBeside(parts, asked.userId, click, message);
}

async function openOrTell(
  parts: SlackParts,
  asked: Asked,
  click: Click,
  form: Extract<Taken, { kind: 'form' }>,
): Promise<void> {
  const instead = await openForm(parts, asked, modalPlace(click), form);
  if (instead) await tell(parts, asked, click, instead);
}

/** Says it beside the button, or in the direct messages where there is no beside. No click stays without an answer. */
export async function tell(
  parts: SlackParts,
  asked: { userId: string },
  click: Click,
  reply: Reply,
): Promise<void> {
  await sayBeside(parts, asked.userId, click, renderReply(reply));
}

/** A response URL answers in the channel; in a thread only a message of its own does. */
async function sayBeside(
  parts: SlackParts,
  userId: string,
  { place }: Click,
  message: Message,
): Promise<void> {
  if (place.kind === 'message') {
    const { channelId, threadTs, responseUrl } = place;
    if (threadTs !== null && (await answerPrivately(parts, { userId, channelId, threadTs }, message))) return;
    if (await parts.responses.send(responseUrl, message)) return;
  }
  await answerDirectly(parts, userId, message);
}

async function updateView(
  parts: SlackParts,
  viewId: string,
  view: ModalView,
  asked: Asked,
  click: Click,
): Promise<void> {
  try {
    await parts.slack.views.update({ view_id: viewId, view });
  } catch (error) {
    parts.log.info({ event: 'slack_view_gone', err: error }, 'The modal was closed before its answer came');
    await tell(parts, asked, click, {
      tone: 'info',
      title: 'You closed the window before the answer came; ask again.',
    });
  }
}

function takenView(parts: SlackParts, asked: Asked, taken: Taken): ModalView {
  if (taken.kind === 'reply') return replyView(taken.reply, taken.shareLine);
  const waiting = waitingView('Lucy', '');
  if (taken.kind === 'menu') return { ...waiting, blocks: menuMessage(parts.runner, asked.actor).blocks };
  return replyView(replyOf(taken));
}

/** A form that came too late for its trigger is offered again. */
function replyOf(taken: Taken): Reply {
  if (taken.kind === 'reply') return taken.reply;
  if (taken.kind === 'menu') return { tone: 'info', title: 'Type /lucy to see what I can do.' };
  return {
    tone: 'info',
    title: `A few things are missing for “${taken.command.name}”.`,
    buttons: [{ kind: 'command', label: 'Open the form', line: taken.command.name }],
  };
}
