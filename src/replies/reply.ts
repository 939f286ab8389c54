/**
 * What a person reads, free of any surface: Slack makes blocks of it, the terminal text or JSON. All text in it is
 * plain text; a surface escapes it.
 */
export type Reply = {
  /** `waiting` for a colleague's answer; `sending`: decided, and on its way. */
  tone: 'done' | 'info' | 'preview' | 'waiting' | 'sending' | 'warning' | 'refused';
  /** A sentence that stands alone: it is the notification, and what a screen reader says. */
  title: string;
  facts?: Fact[];
  changes?: Change[];
  sections?: Section[];
  /** Sentences that the reader must not miss. */
  warnings?: string[];
  /** What to do next; a sentence. */
  hint?: string;
  /** A block to paste into the support ticket. */
  paste?: string;
  buttons?: ReplyButton[];
  correlationId?: string;
  /** What `--json` prints. */
  json?: unknown;
  /** Who is to be notified: Slack member ids and user group ids. Text can never mention anybody; this can. */
  mentions?: { users?: readonly string[]; groups?: readonly string[] };
  /** The file that was asked for, such as a CSV of everything or a PDF. Never stored: keep it out of what becomes a row. */
  file?: ReplyFile;
  /** Shows what the words say. Drawn only where it is shown, and the words stand without it. */
  picture?: Picture;
  /** What goes on after this answer, by the key of its card: a surface that can, shows how it goes. */
  follow?: string;
  /** For whoever asked, and nobody else: it cannot be shared. */
  isPrivate?: boolean;
};

/** Text, or bytes in base64 with a sentence of what they show. */
export type ReplyFile = { name: string; text: string } | { name: string; base64: string; alt: string };

export type Picture = { name: string; draw(): Promise<{ png: Uint8Array; alt: string }> };

/**
 * A moment is shown in the reader's own time zone, and a channel of Slack as a way to it, where the surface can. A link
 * leads to an address that Lucy made.
 */
export type Value =
  | string
  | { at: number }
  | { code: string }
  | { channel: string; name: string }
  | { link: string; text: string };

export type Fact = { label: string; value: Value };

export type Change = { label: string; before: string; after: string };

export type Section = {
  heading: string;
  lines?: Value[][];
  table?: { columns: string[]; rows: Value[][] };
  empty?: string;
};

export type ReplyButton =
  /** Does what the preview of this run says. */
  | { kind: 'confirm'; label: string; runId: string; isDanger?: boolean }
  /** Drops the preview of this run. */
  | { kind: 'cancel'; label: string; runId: string }
  /** Runs a command line, as if it were typed by whoever clicks. */
  | { kind: 'command'; label: string; line: string }
  /** Answers an approval, or withdraws it. `basis` is the world that its card showed; `confirm` is asked first. */
  | {
      kind: 'approve' | 'deny' | 'withdraw';
      label: string;
      approvalId: string;
      basis: string;
      confirm?: string;
    };

/** A reply that was kept with a row; null when there is none. */
export function readReply(text: string): Reply;
export function readReply(text: string | null): Reply | null;
export function readReply(text: string | null): Reply | null {
  return text === null ? null : (JSON.parse(text) as Reply);
}

/** A neutral picture of an error for people. */
export function errorReply(message: string, hint: string, correlationId: string): Reply {
  return { tone: 'refused', title: message, hint, correlationId };
}
