import { type Ack, failureSentence } from '../acts/ack.ts';
import { click } from '../acts/click.ts';
import { closeModal } from '../acts/close-modal.ts';
import { NotThere } from '../acts/find-surface.ts';
import { openHome } from '../acts/open-home.ts';
import { pin } from '../acts/pin.ts';
import { say } from '../acts/say.ts';
import { submit } from '../acts/submit.ts';
import { suggest } from '../acts/suggest.ts';
import { fileForForm, shareFile } from '../acts/upload.ts';
import { useShortcut } from '../acts/use-shortcut.ts';
import type { SlackContext } from '../context.ts';
import type { Json } from '../json.ts';
import type { Person } from '../world/person.ts';
import type { FormValues, ShownView } from '../world/view.ts';
import type { ReadAct } from './read-act.ts';

export type ActAnswer = { ok: true; [field: string]: unknown } | { ok: false; error: string };

/** Does what the page asks for, as this person. */
export async function performAct(context: SlackContext, act: ReadAct): Promise<ActAnswer> {
  const person = context.world.people.get(act.as);
  if (!person) return { ok: false, error: 'This person does not exist.' };
  try {
    return await perform(context, person, act);
  } catch (error) {
    if (error instanceof NotThere) return { ok: false, error: error.message };
    throw error;
  }
}

async function perform(context: SlackContext, person: Person, act: ReadAct): Promise<ActAnswer> {
  switch (act.kind) {
    case 'say': {
      const channel = context.world.channels.get(act.channel);
      if (!channel?.members.has(person.id)) throw new NotThere('You are not in this channel.');
      return answerOf(await say(context, person, channel, act.text, act.threadTs));
    }
    case 'click':
      return answerOf(
        await click(context, person, act.where, act.blockId, act.actionId, act.value, formValues(act.state)),
      );
    case 'choose-file':
      return { ok: true, file: fileForForm(context, person, bytesOf(act)) };
    case 'share-file': {
      const channel = context.world.channels.get(act.channel);
      if (!channel?.members.has(person.id)) throw new NotThere('You are not in this channel.');
      shareFile(context, person, channel, bytesOf(act));
      return { ok: true };
    }
    case 'submit':
      return answerOf(
        await submit(context, person, modalOf(context, person, act.viewId), formValues(act.state)),
      );
    case 'close-modal':
      return answerOf(await closeModal(context, person, modalOf(context, person, act.viewId)));
    case 'open-home':
      return answerOf(await openHome(context, person, 'home'));
    case 'shortcut':
      return answerOf(await useShortcut(context, person, act.callbackId, act.message));
    case 'pin':
      return answerOf(await pin(context, person, act.message));
    case 'join': {
      const channel = context.world.channels.get(act.channel);
      if (!channel || channel.isPrivate || channel.isArchived || person.isGuest)
        throw new NotThere('You cannot join this channel.');
      channel.members.add(person.id);
      context.world.changed();
      return { ok: true };
    }
    case 'suggest': {
      const { ack, options, groups } = await suggest(
        context,
        person,
        act.where,
        act.blockId,
        act.actionId,
        act.query,
      );
      if (ack.failure !== null) return { ok: false, error: failureSentence(ack.failure) };
      return groups.length > 0 ? { ok: true, option_groups: groups } : { ok: true, options };
    }
  }
}

/** Slackbot and the modal say these themselves; the page need not say them again. */
const shownElsewhere = new Set(['not_a_command', 'incomplete', 'invalid_command_response']);

function answerOf(ack: Ack): ActAnswer {
  if (ack.failure === null || shownElsewhere.has(ack.failure)) return { ok: true, failure: ack.failure };
  return { ok: false, error: failureSentence(ack.failure) };
}

function modalOf(context: SlackContext, person: Person, viewId: string): ShownView {
  const shown = context.world.modals.get(person.id)?.find((one) => one.view.id === viewId);
  if (!shown) throw new NotThere('This window is no longer open.');
  return shown;
}

const formValues = (state: Record<string, Record<string, Json>> | undefined): FormValues => state ?? {};

const bytesOf = ({ name, base64 }: { name: string; base64: string }) => ({
  name,
  bytes: Buffer.from(base64, 'base64'),
});
