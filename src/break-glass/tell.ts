import type { BreakGlassRow } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { isFindingOpen } from '#db/findings.ts';
import type { Cause } from '#src/core/cause.ts';
import type { ChannelKey, Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { Reply } from '#src/replies/reply.ts';

/** The channels that hear of a break-glass: whoever can stop it must not have to look for it. */
export function toldChannels(settings: Settings): ChannelKey[] {
  return [...new Set<ChannelKey>([settings.break_glass.tell, 'oncall'])];
}

/** Sentences about channels that would hear of it late, because Lucy's messages do not arrive there now. */
export async function lateChannels(sql: Sql, settings: Settings): Promise<string[]> {
  const sentences: string[] = [];
  for (const key of toldChannels(settings)) {
    const channel = settings.channels[key];
    if (await isFindingOpen(sql, 'message_undelivered', channel))
      sentences.push(
        `Lucy’s messages to ${channel} do not arrive now, so it hears of this late: tell somebody.`,
      );
  }
  return sentences;
}

/**
 * Tells the channels, naming the owners' user groups where it is urgent, and each of these people directly; all in
 * the transaction of what it tells of.
 *
 * @param message.key names what is told, so that it is told once
 */
export async function tellAll(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  message: { key: string; reply: Reply; slackIds: readonly string[]; isUrgent: boolean },
): Promise<void> {
  const { key, reply } = message;
  const { groups } = settings.roles.admin;
  const inChannels = message.isUrgent && groups.length > 0 ? { ...reply, mentions: { groups } } : reply;
  for (const target of toldChannels(settings))
    await postMessage(sql, cause, { dedupeKey: `${key}:${target}`, target, reply: inChannels });
  for (const id of new Set(message.slackIds))
    await postMessage(sql, cause, { dedupeKey: `${key}:user:${id}`, target: `user:${id}`, reply });
}

/** Where the holder reads direct messages; none for somebody whom Lucy knows at the terminal only. */
export function holderSlackIds(settings: Settings, glass: BreakGlassRow): string[] {
  if (glass.actor_id.startsWith('slack:')) return [glass.actor_id.slice('slack:'.length)];
  const known = Object.hasOwn(settings.people, glass.person) ? settings.people[glass.person] : undefined;
  return known?.slack.slice(0, 1) ?? [];
}
