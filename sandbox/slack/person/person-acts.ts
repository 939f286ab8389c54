import type { Ack } from '../acts/ack.ts';
import { click } from '../acts/click.ts';
import { closeModal } from '../acts/close-modal.ts';
import { findSurface } from '../acts/find-surface.ts';
import { openHome } from '../acts/open-home.ts';
import { pin } from '../acts/pin.ts';
import { say } from '../acts/say.ts';
import { submit } from '../acts/submit.ts';
import { type Suggestions, suggest } from '../acts/suggest.ts';
import { fileForForm, shareFile } from '../acts/upload.ts';
import { useShortcut } from '../acts/use-shortcut.ts';
import type { ActWhere } from '../client-contract.ts';
import type { SlackContext } from '../context.ts';
import type { Json } from '../json.ts';
import { blocksOf } from '../payloads/surface.ts';
import type { Person } from '../world/person.ts';
import type { FormValues } from '../world/view.ts';
import type { World } from '../world/world.ts';
import { type Choice, valueFor } from './choose-value.ts';
import { findTarget } from './find-target.ts';
import { ownChannel, ownModal } from './own-places.ts';

/** Where an element is: a message, the open modal, Lucy's Home tab. */
export type Target = { channel: string; ts: string } | 'modal' | 'home';

/** What one person can do. Every act resolves once Lucy acknowledged it, or failed to. */
export type PersonActs = {
  /** Puts a file into a channel. Returns its id. */
  upload(channel: string, file: { name: string; content: string | Uint8Array }): string;
  /** Chooses a file of theirs for a form: what `submit` takes for it. */
  chooseFile(file: { name: string; content: string | Uint8Array }): Json;
  say(channel: string, text: string, options?: { threadTs?: string }): Promise<Ack>;
  /** Presses a button, or chooses from an overflow menu. By action_id or by the words on it. */
  click(target: Target, name: string, choice?: Choice): Promise<Ack>;
  /** Chooses a value in a menu, a picker, a checkbox group. */
  select(target: Target, name: string, choice: Choice): Promise<Ack>;
  /** Types into an external select. */
  suggest(target: Target, name: string, query: string): Promise<Suggestions>;
  /** Types into the open modal without submitting. Keys: block_id, action_id or label. */
  fill(state: Record<string, Choice>): void;
  /** Submits the open modal; inputs that are not named keep what was typed or their initial value. */
  submit(state?: Record<string, Choice>): Promise<Ack>;
  closeModal(): Promise<Ack>;
  openHome(): Promise<Ack>;
  /** Opens the Messages tab of the app, which also tells Lucy. */
  openMessagesTab(): Promise<Ack>;
  shortcut(callbackId: string, message?: { channel: string; ts: string }): Promise<Ack>;
  pin(message: { channel: string; ts: string }): Promise<Ack>;
};

export function personActs(context: SlackContext, person: Person): PersonActs {
  const { world } = context;
  const use = (target: Target, name: string, choice: Choice) => {
    const { where, element, blockId, actionId } = targetOf(context, person, target, name);
    return click(context, person, where, blockId, actionId, valueFor(world, element, choice));
  };
  return {
    upload: (channel, { name, content }) =>
      shareFile(context, person, ownChannel(world, person, channel), { name, bytes: Buffer.from(content) })
        .id,
    chooseFile: ({ name, content }) => fileForForm(context, person, { name, bytes: Buffer.from(content) }),
    say: (channel, text, options) =>
      say(context, person, ownChannel(world, person, channel), text, options?.threadTs),
    click: (target, name, choice = null) => use(target, name, choice),
    select: use,
    suggest(target, name, query) {
      const { where, blockId, actionId } = targetOf(context, person, target, name);
      return suggest(context, person, where, blockId, actionId, query);
    },
    fill(state) {
      const { values } = ownModal(world, person);
      for (const [blockId, fields] of Object.entries(formValues(context, person, state))) {
        values[blockId] = { ...values[blockId], ...fields };
      }
    },
    submit: (state = {}) =>
      submit(context, person, ownModal(world, person), formValues(context, person, state)),
    closeModal: () => closeModal(context, person, ownModal(world, person)),
    openHome: () => openHome(context, person, 'home'),
    openMessagesTab: () => openHome(context, person, 'messages'),
    shortcut: (callbackId, message) =>
      useShortcut(context, person, callbackId, message && byId(world, person, message)),
    pin: (message) => pin(context, person, byId(world, person, message)),
  };
}

function byId(world: World, person: Person, { channel, ts }: { channel: string; ts: string }) {
  return { channel: ownChannel(world, person, channel).id, ts };
}

function targetOf(context: SlackContext, person: Person, target: Target, name: string) {
  const where = whereOf(context, person, target);
  return { where, ...findTarget(blocksOf(findSurface(context, person, where)), name) };
}

function whereOf({ world }: SlackContext, person: Person, target: Target): ActWhere {
  if (target === 'home') return { home: true };
  if (target === 'modal') return { viewId: ownModal(world, person).view.id };
  return { message: { channel: ownChannel(world, person, target.channel).id, ts: target.ts } };
}

/** Words by label in Slack's shape by block_id and action_id. */
function formValues({ world }: SlackContext, person: Person, state: Record<string, Choice>): FormValues {
  const values: FormValues = {};
  for (const [name, choice] of Object.entries(state)) {
    const { element, blockId, actionId } = findTarget(ownModal(world, person).view.blocks, name);
    values[blockId] = { ...values[blockId], [actionId]: valueFor(world, element, choice) };
  }
  return values;
}
