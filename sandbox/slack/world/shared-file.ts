import type { World } from './world.ts';

/**
 * A file on its way to a channel (docs.slack.dev/messaging/working-with-files): named and measured, uploaded, shared.
 * One that is never completed is thrown away.
 */
export type SharedFile = {
  id: string;
  name: string;
  title: string;
  /** What a picture shows, for who cannot see it. */
  altText: string;
  /** As announced; other bytes are refused. */
  size: number;
  createdAt: number;
  /** The tail of the upload URL. */
  tail: string;
  bytes: Buffer | null;
  isShared: boolean;
  /** The person who uploaded it; null for Lucy. */
  owner: string | null;
  /** It was put into a form of hers. */
  isInForm: boolean;
};

/** Makes room for a file and an address to which its bytes go. */
export function announceFile(world: World, name: string, size: number, altText: string): SharedFile {
  const file: SharedFile = {
    id: world.sequence.id('F'),
    name,
    title: name,
    altText,
    size,
    createdAt: world.sequence.seconds(),
    tail: world.sequence.tail('upload'),
    bytes: null,
    isShared: false,
    owner: null,
    isInForm: false,
  };
  world.files.set(file.id, file);
  return file;
}

export function fileAwaitedAt(world: World, tail: string): SharedFile | undefined {
  return [...world.files.values()].find((file) => file.tail === tail && !file.isShared);
}

type FileType = { mimetype: string; pretty: string };

const textTypes: Record<string, FileType> = {
  csv: { mimetype: 'text/csv', pretty: 'CSV' },
  json: { mimetype: 'application/json', pretty: 'JSON' },
  log: { mimetype: 'text/plain', pretty: 'Log' },
  md: { mimetype: 'text/markdown', pretty: 'Markdown' },
  txt: { mimetype: 'text/plain', pretty: 'Plain Text' },
};

/** What a message shows in place. */
const pictureTypes: Record<string, FileType> = {
  gif: { mimetype: 'image/gif', pretty: 'GIF' },
  jpg: { mimetype: 'image/jpeg', pretty: 'JPEG' },
  jpeg: { mimetype: 'image/jpeg', pretty: 'JPEG' },
  png: { mimetype: 'image/png', pretty: 'PNG' },
};

const documentTypes: Record<string, FileType> = {
  pdf: { mimetype: 'application/pdf', pretty: 'PDF' },
};

/** What a name says about a file; Slack looks into it too. */
export function typeOfFile(name: string): {
  extension: string;
  mimetype: string;
  pretty: string;
  isText: boolean;
  isPicture: boolean;
} {
  const extension = /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const isText = extension in textTypes;
  const isPicture = extension in pictureTypes;
  const known = textTypes[extension] ?? pictureTypes[extension] ?? documentTypes[extension];
  const type = known ?? { mimetype: 'application/octet-stream', pretty: extension.toUpperCase() || 'File' };
  return { extension, ...type, isText, isPicture };
}

/** The whole text of a file; null for one that is not known to be text. */
export function textOfFile(file: SharedFile): string | null {
  return file.bytes && typeOfFile(file.name).isText ? file.bytes.toString('utf8') : null;
}
