import type { Reply } from '#src/replies/reply.ts';
import type { RichText } from '../block-kit.ts';
import { own } from './rich-text.ts';

/** Slack's own forms of ids; whatever else stands there mentions nobody. */
const memberId = /^[UW][A-Z0-9]{2,20}$/;
const groupId = /^S[A-Z0-9]{2,20}$/;
/** More would fill the card, and calls nobody in particular. */
const MENTIONS_MAX = 10;

/**
 * Whom a reply calls, in the two places where Slack looks: elements that hold ids and nothing else, for its desktop,
 * and tokens in `text`, which is all that its phones read (docs.slack.dev/changelog/2026/07/13/notification-changes).
 * An edit notifies nobody: who is to hear of a change is mentioned in a new message, such as a reply in the thread.
 */
export function renderMentions(mentions: Reply['mentions']): { elements: RichText[]; tokens: string[] } {
  const users = [...new Set(mentions?.users ?? [])].filter((id) => memberId.test(id));
  const groups = [...new Set(mentions?.groups ?? [])].filter((id) => groupId.test(id));
  const called = [
    ...groups.map((id) => ({
      element: { type: 'usergroup' as const, usergroup_id: id },
      token: `<!subteam^${id}>`,
    })),
    ...users.map((id) => ({ element: { type: 'user' as const, user_id: id }, token: `<@${id}>` })),
  ].slice(0, MENTIONS_MAX);
  return {
    elements: called.flatMap(({ element }, index) => (index === 0 ? [element] : [own(' '), element])),
    tokens: called.map(({ token }) => token),
  };
}
