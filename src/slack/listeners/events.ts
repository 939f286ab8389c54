import type { App } from '@slack/bolt';
import { z } from 'zod';
import { errorMessage } from '#src/core/errors.ts';
import { publishHome } from '../home/publish-home.ts';
import type { SlackParts } from '../parts.ts';
import { takeMention } from '../take-mention.ts';
import { takePin } from '../take-pin.ts';

/** Which delivery it is, and who Lucy is in it. */
type Delivered = { eventId: string; botUserId: string | null };
type Event = (parts: SlackParts, event: unknown, delivered: Delivered) => Promise<void>;

const eventBody = z.object({ event_id: z.string() });
const homeOpened = z.object({ user: z.string(), tab: z.string() });

async function forgetGroups(parts: SlackParts): Promise<void> {
  parts.members.forgetGroups();
  await parts.members.refreshGroups();
}

/** The events that the manifest subscribes to, and what each does. Delivered twice, each does no harm. */
export const events: Readonly<Record<string, Event>> = {
  // Fires for the messages tab too (docs.slack.dev/reference/events/app_home_opened).
  app_home_opened: async (parts, event) => {
    const { user, tab } = homeOpened.parse(event);
    if (tab !== 'home') return;
    const actor = await parts.members.actorOf({ userId: user, teamId: null });
    await publishHome(parts, user, actor);
  },
  // The slash command in threads, and for whoever writes rather than commands.
  app_mention: takeMention,
  // In the room of an incident.
  pin_added: takePin,
  // Who is in a group decides what they may do, so a change counts at once.
  subteam_members_changed: forgetGroups,
  // A group was disabled or enabled.
  subteam_updated: forgetGroups,
};

export function listenForEvents(app: App, parts: SlackParts): void {
  for (const [name, work] of Object.entries(events)) {
    app.event(name, async ({ event, body, context }) => {
      try {
        const { event_id: eventId } = eventBody.parse(body);
        await work(parts, event, { eventId, botUserId: context.botUserId ?? null });
      } catch (error) {
        parts.log.warn({ event: 'slack_event_failed', name, err: error }, errorMessage(error));
      }
    });
  }
}
