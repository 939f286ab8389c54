import type { Json } from '../json.ts';

export type Message = {
  channel: string;
  ts: string;
  /** The parent's ts, for a reply. */
  threadTs?: string;
  /** A person, Lucy's bot user, or Slackbot. */
  user: string;
  text: string;
  blocks?: Json[];
  attachments?: Json[];
  metadata?: Json;
  /** Ids of the files that it carries. */
  files?: string[];
  /** Only this person sees it; null: everyone in the channel. */
  visibleTo: string | null;
  /** Whom it notified when it was posted; an edit notifies nobody. */
  notified: string[];
  editedTs?: string;
  /** Who pinned it to its channel. */
  pinnedBy?: string;
};

/** The author of Slack's own notices. */
export const slackbotId = 'USLACKBOT';
