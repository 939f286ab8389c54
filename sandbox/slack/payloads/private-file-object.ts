import { workspace } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import type { Json } from '../json.ts';
import type { SharedFile } from '../world/shared-file.ts';
import { fileObject } from './file-object.ts';

/** A file with the addresses that only a token with `files:read` opens (docs.slack.dev/reference/objects/file-object). */
export function privateFileObject({ settings }: SlackContext, file: SharedFile): Json {
  const path = `files-pri/${workspace.teamId}-${file.id}`;
  const name = encodeURIComponent(file.name.toLowerCase().replace(/[^\w.-]+/g, '_'));
  return {
    ...fileObject(file),
    ...(file.owner === null ? {} : { user: file.owner }),
    url_private: `${settings.baseUrl()}/${path}/${name}`,
    url_private_download: `${settings.baseUrl()}/${path}/download/${name}`,
  };
}
