import type { Reply } from '#src/replies/reply.ts';

/** Who ticks one step after the other wants no receipt each time; Home keeps them. */
export function brief(reply: Reply): Reply {
  if (reply.tone !== 'done') return reply;
  const { tone, title, buttons = [], correlationId = '' } = reply;
  return { tone, title, buttons, correlationId };
}
