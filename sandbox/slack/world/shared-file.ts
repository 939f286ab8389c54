import type { World } from './world.ts';

/**
 * A file on its way to a channel (docs.slack.dev/messaging/working-with-files): named and measured, uploaded, shared.
 * One that is never completed is thrown away.
 */
export type SharedFile = {
  id: string;
  name: string;
  title: string;
  /** As announced; other bytes are refused. */
  size: number;
  createdAt: number;
  /** The tail of the upload URL. */
  tail: string;
  bytes: Buffer | null;
  isShared: boolean;
};

/** Makes room for a file and an address to which its bytes go. */
export function announceFile(world: World, name: string, size: number): SharedFile {
  const file: SharedFile = {
    id: world.sequence.id('F'),
    name,
    title: name,
    size,
    createdAt: world.sequence.seconds(),
    tail: world.sequence.tail('upload'),
    bytes: null,
    isShared: false,
  };
  world.files.set(file.id, file);
  return file;
}

export function fileAwaitedAt(world: World, tail: string): SharedFile | undefined {
  return [...world.files.values()].find((file) => file.tail === tail && !file.isShared);
}

const textTypes: Record<string, { mimetype: string; pretty: string }> = {
  csv: { mimetype: 'text/csv', pretty: 'CSV' },
  json: { mimetype: 'application/json', pretty: 'JSON' },
  log: { mimetype: 'text/plain', pretty: 'Log' },
  md: { mimetype: 'text/markdown', pretty: 'Markdown' },
  txt: { mimetype: 'text/plain', pretty: 'Plain Text' },
};

/** What a name says about a file; Slack looks into it too. */
export function typeOfFile(name: string): {
  extension: string;
  mimetype: string;
  pretty: string;
  isText: boolean;
} {
  const extension = /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const known = textTypes[extension];
  if (known) return { extension, ...known, isText: true };
  return {
    extension,
    mimetype: 'application/octet-stream',
    pretty: extension.toUpperCase() || 'File',
    isText: false,
  };
}

/** The whole text of a file; null for one that is not known to be text. */
export function textOfFile(file: SharedFile): string | null {
  return file.bytes && typeOfFile(file.name).isText ? file.bytes.toString('utf8') : null;
}
