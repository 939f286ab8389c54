/**
 * What the sandbox page (a small Slack client) and the local Slack server say to each other.
 * The server serves these under /client/*; the page renders them. Blocks and views are Slack's own JSON.
 */
export type ClientPerson = {
  id: string;
  handle: string;
  realName: string;
  title: string;
  colour: string;
  isGuest: boolean;
};

export type ClientChannel = {
  id: string;
  name: string;
  kind: 'channel' | 'dm';
  /** For a DM: the other side (Lucy's bot user or a person). */
  withUser?: string;
  hasBot: boolean;
  isPrivate: boolean;
  topic: string;
  /** Highest message ts in this channel that this person can see; the page keeps what was read. */
  latestTs: string | null;
};

/** A file as a message shows it. */
export type ClientFile = {
  id: string;
  name: string;
  /** “CSV”, “Plain Text”. */
  type: string;
  /** In bytes. */
  size: number;
  /** Its first lines when it is text, else null. */
  preview: string | null;
  /** There is more than the preview. */
  isCut: boolean;
  /** What a picture shows; absent for anything else. */
  alt?: string;
};

export type ClientMessage = {
  ts: string;
  channel: string;
  threadTs?: string;
  /** A person's id, or the bot's user id. */
  user: string;
  text: string;
  blocks?: unknown[];
  isEphemeral: boolean;
  editedAt?: string;
  replyCount: number;
  files?: ClientFile[];
  /** Who pinned it to its channel. */
  pinnedBy?: string;
  /** It mentioned this person when it was posted, or came to them directly. */
  isForMe: boolean;
};

export type ClientModal = {
  viewId: string;
  view: Record<string, unknown>;
  errors: Record<string, string>;
  depth: number;
  pending: boolean;
};

export type ClientSnapshot = {
  as: ClientPerson;
  people: ClientPerson[];
  groups: { id: string; handle: string; name: string; isMine: boolean }[];
  bot: { userId: string; name: string };
  team: { id: string; name: string };
  channels: ClientChannel[];
  /** Public channels that this person is not in, for what mentions them. */
  others: { id: string; name: string }[];
  /** Messages of every channel that this person can see, oldest first; ephemerals only their own. */
  messages: ClientMessage[];
  /** Top of this person's modal stack. */
  modal: ClientModal | null;
  home: Record<string, unknown> | null;
  /** For completion: registered slash commands with their usage hint. */
  commands: { command: string; description: string; usageHint: string }[];
  /** What the menu of a message offers. */
  shortcuts: { callbackId: string; name: string }[];
};

/** One line of "what crossed the wire"; bodies are already redacted of secrets. */
export type WireEntry = {
  at: number;
  /** slack→lucy, lucy→slack, stripe→lucy, lucy→stripe */
  from: 'slack' | 'lucy' | 'stripe';
  to: 'slack' | 'lucy' | 'stripe';
  label: string;
  status: number | null;
  durationMs: number | null;
  request: string;
  response: string;
};

/** GET /client/snapshot?as=U… -> ClientSnapshot · GET /client/file?as=U…&id=F… -> the file, as a download · GET /client/changes -> SSE, one `data: changed` per change ·
 *  POST /client/act with one of these -> { ok: true, … } or { ok: false, error: a sentence for the person }. */
export type ClientAct =
  | { as: string; kind: 'say'; channel: string; text: string; threadTs?: string }
  | {
      as: string;
      kind: 'click';
      where: ActWhere;
      blockId: string;
      actionId: string;
      value: ActValue;
      /** What the surface's fields hold at the click, as Slack's own payload carries it. */
      state?: Record<string, Record<string, unknown>>;
    }
  /** Base64, as JSON has no bytes. The answer to `choose-file` carries the `file` for the form's state. */
  | { as: string; kind: 'choose-file'; name: string; base64: string }
  | { as: string; kind: 'share-file'; channel: string; name: string; base64: string }
  | { as: string; kind: 'submit'; viewId: string; state: Record<string, Record<string, unknown>> }
  | { as: string; kind: 'close-modal'; viewId: string }
  | { as: string; kind: 'open-home' }
  | { as: string; kind: 'shortcut'; callbackId: string; message: { channel: string; ts: string } }
  /** A public channel. */
  | { as: string; kind: 'join'; channel: string }
  | { as: string; kind: 'pin'; message: { channel: string; ts: string } }
  | { as: string; kind: 'suggest'; where: ActWhere; blockId: string; actionId: string; query: string };

export type ActWhere = { message: { channel: string; ts: string } } | { viewId: string } | { home: true };

/** Button: { type, value }. Selects: { type, selected_option: { text, value } } and so on, Slack's own shapes. */
export type ActValue = { type: string; [key: string]: unknown };
