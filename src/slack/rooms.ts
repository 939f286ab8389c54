import type { Room, RoomDoor } from '#src/incidents/rooms/room-door.ts';
import { SendFailure } from '#src/outbox/announcer.ts';
import type { MethodRests } from './method-rests.ts';
import { type SlackClient, slackProblem } from './slack-client.ts';

/** As many as one page gives; a bot is in few channels. */
const PAGE = 200;
const PAGES_MAX = 20;
/** Slack’s clock and ours may differ by so much. */
const SKEW_MS = 5 * 60_000;

/**
 * The channels of incidents (docs.slack.dev/reference/methods, conversations.* and pins.add). One try per call, and
 * none while Slack wants the method to rest.
 */
export function createRoomDoor(slack: SlackClient, rests: MethodRests): RoomDoor {
  const asking = <T>(method: string, call: () => Promise<T>) => ask(rests, method, call);
  return {
    create: (name, isPrivate) =>
      asking('conversations.create', async () => {
        const made = await slack.conversations.create({ name, is_private: isPrivate });
        // Slack may have shortened the name.
        return { channel: made.channel?.id ?? '', name: made.channel?.name ?? name };
      }),
    find: (name, isPrivate, since) =>
      asking('users.conversations', () => findOwn(slack, name, isPrivate, since)),
    setTopic: (channel, topic) =>
      asking('conversations.setTopic', () => done(slack.conversations.setTopic({ channel, topic }))),
    invite: (channel, users) =>
      asking('conversations.invite', () => done(slack.conversations.invite({ channel, users }))),
    pin: (channel, timestamp) => asking('pins.add', () => done(slack.pins.add({ channel, timestamp }))),
    archive: (channel) =>
      asking('conversations.archive', () => done(slack.conversations.archive({ channel }))),
    unarchive: (channel) =>
      asking('conversations.unarchive', () => done(slack.conversations.unarchive({ channel }))),
  };
}

/** Made by Lucy, among the channels that she is in, for whoever makes a channel is in it. */
async function findOwn(
  slack: SlackClient,
  name: string,
  isPrivate: boolean,
  since: number,
): Promise<Room | null> {
  const { user_id: me } = await slack.auth.test();
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await slack.users.conversations({
      types: isPrivate ? 'private_channel' : 'public_channel',
      exclude_archived: true,
      limit: PAGE,
      ...(cursor === '' ? {} : { cursor }),
    });
    const own = answer.channels?.find(
      (channel) =>
        channel.name === name &&
        (channel.created ?? 0) * 1_000 >= since - SKEW_MS &&
        // Somebody may have made one of this name and taken Lucy, or another company, into it.
        channel.creator === me &&
        channel.is_ext_shared !== true,
    );
    if (own?.id) return { channel: own.id, name };
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') return null;
  }
  return null;
}

async function done(call: Promise<unknown>): Promise<void> {
  await call;
}

const aboutToken =
  /^(invalid_auth|not_authed|account_inactive|token_(revoked|expired)|org_login_required|ekm_access_denied)$/;

async function ask<T>(rests: MethodRests, method: string, call: () => Promise<T>): Promise<T> {
  const restMs = await rests.leftMs(method);
  if (restMs > 0) throw new SendFailure({ kind: 'rate_limited', retryAfterMs: restMs });
  try {
    return await rests.calling(method, call);
  } catch (error) {
    const problem = slackProblem(error);
    if (problem.kind !== 'refused') throw new SendFailure(problem);
    throw new SendFailure({ ...problem, blame: aboutToken.test(problem.code) ? 'token' : 'channel' });
  }
}
