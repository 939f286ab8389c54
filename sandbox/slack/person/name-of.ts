import { bot } from '#sandbox/cast.ts';
import type { World } from '../world/world.ts';

/** What a mention of this person, user group or channel shows: `@Bea`, `@Billing`, `#support`. */
export type NameOf = (id: string) => string;

export function namesIn(world: World): NameOf {
  return (id) => {
    if (id === bot.userId) return '@Lucy';
    const known = world.people.get(id)?.realName ?? world.groups.get(id)?.name;
    const channel = world.channels.get(id);
    return known !== undefined ? `@${known}` : channel ? `#${channel.name}` : id;
  };
}
