import { workspace } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import type { Outgoing } from '../to-lucy/delivery.ts';
import { formBody } from '../to-lucy/encode.ts';
import type { Channel } from '../world/channel.ts';
import type { Person } from '../world/person.ts';
import { makeResponseUrl } from '../world/response-urls.ts';
import { makeTrigger } from '../world/triggers.ts';
import { channelName, verificationToken } from './common.ts';
import { responseUrl } from './response-url.ts';

/** A slash command (slack-facts section 4). The text is already escaped. */
export function slashCommand(
  context: SlackContext,
  person: Person,
  channel: Channel,
  command: string,
  text: string,
): Outgoing {
  const { world } = context;
  const tail = makeResponseUrl(world, { user: person.id, channel: channel.id, original: null });
  const fields = {
    token: verificationToken,
    team_id: workspace.teamId,
    team_domain: workspace.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: person.id,
    user_name: person.handle,
    command,
    text,
    api_app_id: workspace.appId,
    is_enterprise_install: 'false',
    response_url: responseUrl(context, 'commands', tail),
    trigger_id: makeTrigger(world, person.id, null),
  };
  return {
    kind: 'slash_command',
    label: `${command} ${text}`.trim(),
    contentType: 'application/x-www-form-urlencoded',
    rawBody: formBody(fields),
    envelope: { type: 'slash_commands', payload: fields, acceptsPayload: true },
  };
}
