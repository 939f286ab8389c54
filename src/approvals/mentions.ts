import type { ApprovalRow } from '#db/approvals.ts';
import { type Role, roles } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';
import { slackIdOf } from '#src/policy/slack-id-of.ts';

/** Whom a message that waits for a role should notify: its user groups, and its single members. */
export function mentionsOfRole(settings: Settings, role: string): { groups: string[]; users: string[] } {
  const known = roles.find((candidate): candidate is Role => candidate === role);
  if (!known) return { groups: [], users: [] };
  const { groups, members } = settings.roles[known];
  return { groups: [...groups], users: [...members] };
}

/** Where the requester reads direct messages; null for somebody whom Lucy knows at the terminal only. */
export function requesterInbox(
  settings: Settings,
  approval: Pick<ApprovalRow, 'requester_id' | 'requester_person'>,
): `user:${string}` | null {
  if (approval.requester_id.startsWith('slack:'))
    return `user:${approval.requester_id.slice('slack:'.length)}`;
  const slackId = slackIdOf(settings, approval.requester_person);
  return slackId === null ? null : `user:${slackId}`;
}
