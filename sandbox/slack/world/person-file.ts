import type { Person } from './person.ts';
import { announceFile, type SharedFile } from './shared-file.ts';
import type { World } from './world.ts';

/** A file that a person uploads from their computer; nobody else sees it until it stands in a message or a form. */
export function uploadAsPerson(world: World, person: Person, name: string, bytes: Buffer): SharedFile {
  const file = announceFile(world, name, bytes.length, '');
  file.bytes = bytes;
  file.isShared = true;
  file.owner = person.id;
  return file;
}

/** The app sees what it shared itself, what stands in a channel that it is in, and what was put into its forms. */
export function isSeenByApp(world: World, file: SharedFile, botUserId: string): boolean {
  if (file.owner === null || file.isInForm) return true;
  return [...world.channels.values()].some(
    (channel) =>
      channel.members.has(botUserId) &&
      (world.messages.get(channel.id) ?? []).some((message) => message.files?.includes(file.id)),
  );
}
