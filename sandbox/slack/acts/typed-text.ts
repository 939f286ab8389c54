import { bot } from '#sandbox/cast.ts';
import { findChannel, findPerson } from '../world/find.ts';
import type { World } from '../world/world.ts';

/** Slack escapes these three characters in every text that someone types (slack-facts section 3). */
export function escapeTyped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What Slack makes of a typed message: escaped, then mentions, channels, addresses and URLs become links. */
export function messageText(world: World, typed: string): string {
  return linkNames(world, escapeTyped(typed), { isCommand: false })
    .replace(/(?<![\w<|:/.+-])(https?:\/\/[^\s<>|]+)/g, '<$1>')
    .replace(/(?<![\w<|:/.+-])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g, '<mailto:$1|$1>');
}

/** With `should_escape`, `<@U…|name>` and `<#C…|name>`; without it names arrive as typed (slack-facts section 4). */
export function commandText(world: World, typed: string, shouldEscape: boolean): string {
  const escaped = escapeTyped(typed);
  return shouldEscape ? linkNames(world, escaped, { isCommand: true }) : escaped;
}

function linkNames(world: World, text: string, { isCommand }: { isCommand: boolean }): string {
  return text
    .replace(/(?<![\w@.])@([a-z0-9._-]+)/gi, (typed, handle: string) => {
      if (handle === bot.name) return isCommand ? `<@${bot.userId}|lucy>` : `<@${bot.userId}>`;
      const person = findPerson(world, handle);
      if (!person) return typed;
      return isCommand ? `<@${person.id}|${person.handle}>` : `<@${person.id}>`;
    })
    .replace(/(?<![\w#])#([a-z0-9_-]+)/gi, (typed, name: string) => {
      const channel = findChannel(world, name);
      return channel ? `<#${channel.id}|${channel.isPrivate ? '' : channel.name}>` : typed;
    });
}
