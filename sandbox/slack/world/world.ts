import type { Channel } from './channel.ts';
import type { Group } from './group.ts';
import type { Message } from './message.ts';
import type { Person } from './person.ts';
import type { Sequence } from './sequence.ts';
import type { SharedFile } from './shared-file.ts';
import type { FormValues, ShownView } from './view.ts';

/** What the page and the app's own help show of a slash command. */
export type SlashCommand = {
  command: string;
  description: string;
  usageHint: string;
  /** Slack turns @names and #names into `<@U…|name>` and `<#C…|name>` (the manifest's `should_escape`). */
  shouldEscape?: boolean;
};

/** In the menu of a message. */
export type Shortcut = { callbackId: string; name: string };

export type Trigger = { user: string; madeAt: number; isUsed: boolean; viewId: string | null };

export type ResponseUrl = {
  user: string;
  channel: string;
  /** The message that was clicked; null for a slash command. */
  original: { channel: string; ts: string } | null;
  madeAt: number;
  uses: number;
};

/** Everything that the sandbox's workspace remembers. Only functions in `world/` change it. */
export type World = {
  now: () => number;
  sequence: Sequence;
  commands: readonly SlashCommand[];
  shortcuts: readonly Shortcut[];
  people: Map<string, Person>;
  channels: Map<string, Channel>;
  groups: Map<string, Group>;
  /** By channel, oldest first. */
  messages: Map<string, Message[]>;
  files: Map<string, SharedFile>;
  /** By person, the root view first. */
  modals: Map<string, ShownView[]>;
  homes: Map<string, ShownView>;
  triggers: Map<string, Trigger>;
  /** By the tail of the URL. */
  responseUrls: Map<string, ResponseUrl>;
  /** How long a message may be edited; null for ever (a setting of the workspace). */
  editWindowMs: number | null;
  /** What people chose in messages, by person and message. */
  messageValues: Map<string, FormValues>;
  /** Says that something visible changed. */
  changed: () => void;
};
