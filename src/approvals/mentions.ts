import type { ApprovalRow } from '#db/approvals.ts';
import { type Role, roles } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';

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
  const known = Object.hasOwn(settings.people, approval.requester_person)
    ? settings.people[approval.requester_person]?.slack
    : undefined;
  const slackId = Array.isArray(known) ? known[0] : known;
  return typeof slackId === 'string' ? `user:${slackId}` : null;
}
