import { bot } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import { openDm } from '../world/create-world.ts';
import { visibleMessages } from '../world/messages.ts';
import type { Person } from '../world/person.ts';
import { namesIn } from './name-of.ts';
import { ownChannel } from './own-places.ts';
import { readableBlocks } from './readable.ts';
import { type SeenHome, type SeenMessage, type SeenModal, seenMessages, seenModal } from './seen.ts';

/** What one person sees. */
export type PersonSights = {
  /** The channel of the DM with Lucy. */
  dmId: string;
  /** A channel, ephemerals included, oldest first; what was deleted or replaced is gone. */
  messages(channel: string): SeenMessage[];
  /** The newest message there; throws when there is none. */
  lastMessage(channel: string): SeenMessage;
  /** The DM with Lucy. */
  dm(): SeenMessage[];
  modal(): SeenModal | null;
  home(): SeenHome | null;
};

export function personSights({ world }: SlackContext, person: Person): PersonSights {
  const dmId = openDm(world, bot.userId, person.id);
  const messages = (name: string) => {
    const { id } = ownChannel(world, person, name);
    return seenMessages(world, id, visibleMessages(world, id, person.id));
  };
  return {
    dmId,
    messages,
    lastMessage(name) {
      const last = messages(name).at(-1);
      if (!last) throw new Error(`${person.realName} sees no message in ${name}.`);
      return last;
    },
    dm: () => messages(dmId),
    modal() {
      const stack = world.modals.get(person.id) ?? [];
      const top = stack.at(-1);
      return top ? seenModal(world, top, stack.length) : null;
    },
    home() {
      const home = world.homes.get(person.id);
      return home
        ? { view: { ...home.view }, reads: readableBlocks(home.view.blocks, namesIn(world)) }
        : null;
    },
  };
}
