import type { App } from '@slack/bolt';
import { findRun } from '#db/runs.ts';
import { errorMessage } from '#src/core/errors.ts';
import { type Reply, readReply } from '#src/replies/reply.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { type ActionKind, actionKind } from '../action-ids.ts';
import { answerOnce, deliveryKey } from '../answer-once.ts';
import { approveClick, type Clicked, withdrawClick } from '../approvals/answer-click.ts';
import { openDenyForm } from '../approvals/deny-form.ts';
import { askedBy } from '../ask.ts';
import { brief } from '../brief.ts';
import { cancelClick, confirmClick } from '../confirm-click.ts';
import { type Asked, nowhere, type Origin, type SlackParts } from '../parts.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import { renderReply } from '../render/render-reply.ts';
import { sendFile } from '../send-file.ts';
import { shareLookup } from '../share-lookup.ts';
import { retireStrayCard } from '../stray-card.ts';
import { type Taken, takeLine } from '../take-line.ts';
import { tellError } from '../tell-error.ts';
import { type Click, modalPlace, readClick } from './action-place.ts';
import { answerClick, tell } from './answer-click.ts';

type Pressed = (parts: SlackParts, click: Click, key: string) => Promise<void>;

/** What each kind of button does. */
const buttons: Readonly<Record<ActionKind, Pressed>> = {
  confirm: (parts, click, key) =>
    endRun(parts, click, 'Working on it …', () => confirmClick(parts, click.caller, click.value, key)),
  cancel: (parts, click) =>
    endRun(parts, click, 'Cancelling …', () => cancelClick(parts, click.caller, click.value)),
  run: answering(runLine),
  form: answering(formOf),
  menu: answering((parts, asked) => takeLine(parts, asked, '')),
  receipt: answering(receiptOf),
  approve: (parts, click, key) =>
    answerApproval(parts, click, key, 'Approving …', () => approveClick(parts, clickedOn(click))),
  deny: async (parts, click) => {
    const instead = await openDenyForm(parts, clickedOn(click), modalPlace(click));
    if (instead) await tell(parts, click.caller, click, instead);
  },
  withdraw: (parts, click, key) =>
    answerApproval(parts, click, key, 'Withdrawing …', () => withdrawClick(parts, clickedOn(click))),
  share: (parts, click, key) =>
    withAsked(parts, click, key, async (asked) => {
      const place = originOf(click);
      const instead = await shareLookup(parts, asked, click.value, place);
      if (instead) await tell(parts, asked, click, instead);
    }),
};

/** A line as if it were typed; what a click alone confirms is confirmed with it, by whoever has the role at this moment. */
async function runLine(parts: SlackParts, asked: Asked, line: string, { caller }: Click): Promise<Taken> {
  const taken = await takeLine(parts, asked, line);
  if (taken.kind !== 'reply' || taken.runByClick === undefined) return taken;
  return { kind: 'reply', reply: brief(await confirmClick(parts, caller, taken.runByClick, asked.key)) };
}

function answering(
  take: (parts: SlackParts, asked: Asked, value: string, click: Click) => Promise<Taken>,
): Pressed {
  return (parts, click, key) =>
    withAsked(parts, click, key, (asked) => answerClick(parts, asked, click, taking(parts, asked, click)));

  async function taking(parts: SlackParts, asked: Asked, click: Click): Promise<Taken> {
    const taken = await take(parts, asked, click.value, click);
    if (taken.kind !== 'reply') return taken;
    return { ...taken, reply: await sendFile(parts, asked, click.value, taken.reply) };
  }
}

/** Every click is acknowledged at once and then answered, the ones that nobody knows any more too. */
export function listenForButtons(app: App, parts: SlackParts): void {
  app.action(/.*/, async ({ body, ack }) => {
    await ack();
    try {
      const click = readClick(body);
      const key = deliveryKey('action', click.triggerId, body);
      const once = await answerOnce(parts.runner, key, () => press(parts, click, key));
      await once?.kept;
    } catch (error) {
      parts.log.error({ err: error, event: 'slack_click_failed' }, errorMessage(error));
    }
  });
}

async function press(parts: SlackParts, click: Click, key: string): Promise<null> {
  const elsewhere = await retireStrayCard(parts, click);
  const kind = actionKind(click.actionId);
  if (elsewhere) await tell(parts, click.caller, click, elsewhere);
  else if (kind) await buttons[kind](parts, click, key);
  else await tell(parts, click.caller, click, retired);
  return null;
}

const retired: Reply = {
  tone: 'info',
  title: 'This button belongs to an older Lucy and does nothing any more; nothing was changed.',
  hint: 'Type /lucy to see what she can do now.',
};

function clickedOn({ caller, value, place }: Click): Clicked {
  return { caller, value, place: place.kind === 'message' ? place : nowhere };
}

/** On a card or a receipt the answer stands beside it; over Home or a modal it comes up as a window. */
async function answerApproval(
  parts: SlackParts,
  click: Click,
  key: string,
  meanwhile: string,
  work: () => Promise<Reply>,
): Promise<void> {
  if (click.place.kind === 'message') return endRun(parts, click, meanwhile, work);
  await withAsked(parts, click, key, (asked) =>
    answerClick(
      parts,
      asked,
      click,
      work().then((reply): Taken => ({ kind: 'reply', reply })),
    ),
  );
}

/** Replaces the buttons at once, so that nobody wonders and presses again, and then says what became of it. */
async function endRun(
  parts: SlackParts,
  click: Click,
  meanwhile: string,
  work: () => Promise<Reply>,
): Promise<void> {
  const { place } = click;
  if (place.kind !== 'message' || !place.isPrivate) return tell(parts, click.caller, click, await work());
  const replace = (reply: Reply) =>
    parts.responses.send(place.responseUrl, renderReply(reply), { isReplacement: true });
  const replaced = replace({ tone: 'info', title: meanwhile });
  const reply = await work();
  await replaced;
  if (!(await replace(reply))) await tell(parts, click.caller, click, reply);
}

async function withAsked(
  parts: SlackParts,
  click: Click,
  key: string,
  answer: (asked: Asked) => Promise<void>,
): Promise<void> {
  try {
    await answer(await askedBy(parts, click.caller, { key, origin: originOf(click) }));
  } catch (error) {
    await tell(parts, click.caller, click, tellError(parts.log, error, ''));
  }
}

function originOf({ place }: Click): Origin {
  if (place.kind !== 'message') return nowhere;
  const { responseUrl, threadTs, channelId, channelName } = place;
  return { responseUrl, threadTs, channelId, channelName };
}

/** Opens the form even though nothing is missing, because something in it is wrong. */
async function formOf(parts: SlackParts, asked: Asked, line: string): Promise<Taken> {
  const taken = await takeLine(parts, asked, line);
  if (taken.kind !== 'reply' || !taken.formLine) return taken;
  const { command, raw } = parseLine(parts.runner.commands, line);
  return { kind: 'form', command, raw };
}

/** A receipt as it was given, from the run's own row. */
async function receiptOf(parts: SlackParts, asked: Asked, runId: string): Promise<Taken> {
  if (asked.actor.refusal !== null || asked.actor.roles.length === 0)
    return { kind: 'reply', reply: await refuseStranger(parts, asked, 'receipt') };
  const run = await findRun(parts.runner.database.knex, runId);
  if (!run?.reply || run.person !== asked.actor.person)
    return { kind: 'reply', reply: { tone: 'info', title: 'Lucy has no such receipt of yours.' } };
  return { kind: 'reply', reply: readReply(run.reply) };
}
