import { bot, workspace } from '#sandbox/cast.ts';
import { type Json, textAt } from '../json.ts';
import type { Outgoing } from '../to-lucy/delivery.ts';
import { slackJson } from '../to-lucy/encode.ts';
import type { World } from '../world/world.ts';
import { verificationToken } from './common.ts';

/** An event in its envelope (slack-facts section 6). A retry keeps the event_id. */
export function eventCallback(world: World, event: Json, eventId = world.sequence.id('Ev')): Outgoing {
  const payload = {
    token: verificationToken,
    team_id: workspace.teamId,
    api_app_id: workspace.appId,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: world.sequence.seconds(),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.teamId,
        user_id: bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
  return {
    kind: 'event',
    label: `event · ${textAt(event, 'type')}`,
    contentType: 'application/json',
    rawBody: slackJson(payload),
    envelope: { type: 'events_api', payload, acceptsPayload: false },
  };
}
