import type { Settings } from '#src/core/settings.ts';
import type { TeamKey } from '#src/core/settings-routing.ts';
import type { MessageTarget } from '#src/outbox/post.ts';
import type { Reply } from '#src/replies/reply.ts';

export type Team = {
  key: TeamKey;
  /** What people call it: “Data platform”. */
  name: string;
  /** Where it is told; the on-call channel until it has one of its own. */
  target: MessageTarget;
  /** Its user group; without one nobody is mentioned. */
  mentions: NonNullable<Reply['mentions']>;
};

/** A team of the support runbook (quick reference, section 5), as the settings know it. */
export function teamOf(settings: Settings, key: TeamKey): Team {
  const { name, channel, group } = settings.teams[key];
  return {
    key,
    name,
    target: channel === undefined ? 'oncall' : targetOf(settings, channel),
    mentions: group === undefined ? {} : { groups: [group] },
  };
}

/** One channel has one line of messages in the outbox, so a channel that has a key goes by its key. */
function targetOf(settings: Settings, channel: string): MessageTarget {
  const known = Object.entries(settings.channels).find(([, name]) => name === channel);
  return (known?.[0] ?? channel) as MessageTarget;
}
