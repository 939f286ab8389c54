import { bot, workspace } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import type { Json } from '../json.ts';
import type { Channel } from '../world/channel.ts';
import type { SharedFile } from '../world/shared-file.ts';
import type { World } from '../world/world.ts';
import { fileObject } from './file-object.ts';

/** A file with the addresses that only a token with `files:read` opens (docs.slack.dev/reference/objects/file-object). */
export function privateFileObject({ settings, world }: SlackContext, file: SharedFile): Json {
  const path = `files-pri/${workspace.teamId}-${file.id}`;
  const name = encodeURIComponent(file.name.toLowerCase().replace(/[^\w.-]+/g, '_'));
  return {
    ...fileObject(file),
    ...(file.owner === null ? {} : { user: file.owner }),
    ...placesOf(world, file),
    url_private: `${settings.baseUrl()}/${path}/${name}`,
    url_private_download: `${settings.baseUrl()}/${path}/download/${name}`,
  };
}

/** Where it stands: every public channel, and of the others those that the app is in. */
function placesOf(world: World, file: SharedFile): Json {
  const places = [...world.channels.values()].filter(
    (channel) =>
      (channel.members.has(bot.userId) || (channel.kind === 'channel' && !channel.isPrivate)) &&
      (world.messages.get(channel.id) ?? []).some((message) => message.files?.includes(file.id)),
  );
  const idsOf = (isOne: (channel: Channel) => boolean) => places.filter(isOne).map(({ id }) => id);
  return {
    channels: idsOf(({ kind, isPrivate }) => kind === 'channel' && !isPrivate),
    groups: idsOf(({ kind, isPrivate }) => kind === 'channel' && isPrivate),
    ims: idsOf(({ kind }) => kind === 'dm'),
  };
}
