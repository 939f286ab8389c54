import type { ServerResponse } from 'node:http';
import { visibleMessages } from '../world/messages.ts';
import type { Person } from '../world/person.ts';
import { type SharedFile, typeOfFile } from '../world/shared-file.ts';
import type { World } from '../world/world.ts';

/** The file, if this person sees a message that carries it. */
export function visibleFile(world: World, person: Person, id: string): SharedFile | null {
  const isSeen = [...world.channels.keys()].some((channel) =>
    visibleMessages(world, channel, person.id).some((message) => message.files?.includes(id)),
  );
  return isSeen ? (world.files.get(id) ?? null) : null;
}

/** A picture is shown; anything else is a download: what a file contains never runs in the page. */
export function sendFile(response: ServerResponse, file: SharedFile): void {
  const { isPicture, mimetype } = typeOfFile(file.name);
  const plain = file.name.replace(/[^\w.-]/g, '_');
  response.writeHead(200, {
    'Content-Type': isPicture ? mimetype : 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.end(file.bytes);
}
