import { bot } from '#sandbox/cast.ts';
import type { Json } from '../json.ts';
import { type SharedFile, typeOfFile } from '../world/shared-file.ts';

/** A file as answers and messages contain it (docs.slack.dev/reference/objects/file-object). */
export function fileObject(file: SharedFile): Json {
  const { extension, mimetype, pretty, isPicture } = typeOfFile(file.name);
  return {
    id: file.id,
    created: file.createdAt,
    timestamp: file.createdAt,
    name: file.name,
    title: file.title,
    mimetype,
    filetype: extension,
    pretty_type: pretty,
    user: bot.userId,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    is_public: false,
    ...(isPicture ? { alt_txt: file.altText } : {}),
  };
}
