import type { SlackContext } from '../context.ts';
import { privateFileObject } from '../payloads/private-file-object.ts';
import type { Channel } from '../world/channel.ts';
import { addMessage } from '../world/messages.ts';
import type { Person } from '../world/person.ts';
import { uploadAsPerson } from '../world/person-file.ts';
import type { SharedFile } from '../world/shared-file.ts';

/** Someone puts a file of theirs into a channel. */
export function shareFile(
  context: SlackContext,
  person: Person,
  channel: Channel,
  given: { name: string; bytes: Buffer },
): SharedFile {
  const file = uploadAsPerson(context.world, person, given.name, given.bytes);
  addMessage(context.world, { channel: channel.id, user: person.id, text: '', files: [file.id] });
  return file;
}

/** Someone chooses a file for a form (docs.slack.dev/reference/block-kit/block-elements/file-input-element). */
export function fileForForm(
  context: SlackContext,
  person: Person,
  given: { name: string; bytes: Buffer },
): Record<string, unknown> {
  const file = uploadAsPerson(context.world, person, given.name, given.bytes);
  file.isInForm = true;
  return privateFileObject(context, file);
}
