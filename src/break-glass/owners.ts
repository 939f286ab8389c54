import type { Sql } from '#db/connection.ts';
import type { Actor } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { holdersOf } from '#src/policy/directory.ts';

/** The owners whom Slack reaches directly. */
export type Owners = {
  slackIds: string[];
  /** How they are called in a sentence; members without an entry under `people:` are counted. */
  words: string[];
};

/**
 * Owners are the admins, without whoever causes the news. Those of a user group that was not read in Slack lately are
 * reached by naming the group in the channels.
 */
export async function ownersBesides(
  sql: Sql,
  settings: Settings,
  actor: Actor | null,
  now: number,
): Promise<Owners> {
  const { people } = await holdersOf(sql, settings, 'admin', now);
  const reached = people.filter(({ person, slackId }) => slackId !== null && person !== actor?.person);
  const named = reached.filter(({ person }) => !person.startsWith('slack:'));
  const others = reached.length - named.length;
  return {
    slackIds: reached.flatMap(({ slackId }) => slackId ?? []),
    words: [...named.map(({ name }) => name), ...(others > 0 ? [counted(others, 'owner')] : [])],
  };
}
