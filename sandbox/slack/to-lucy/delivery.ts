export type DeliveryKind =
  | 'slash_command'
  | 'block_actions'
  | 'view_submission'
  | 'view_closed'
  | 'block_suggestion'
  | 'shortcut'
  | 'message_action'
  | 'event'
  | 'raw';

/** What Lucy answered, or why there is no answer. */
export type Answer = {
  status: number | null;
  headers: Record<string, string>;
  body: string;
  problem: 'timeout' | 'connection_failed' | null;
  durationMs: number;
};

/** One request to Lucy, kept so that it can be read or sent again byte by byte. */
export type Delivery = {
  id: string;
  kind: DeliveryKind;
  transport: 'http' | 'socket';
  at: number;
  url: string;
  headers: Record<string, string>;
  rawBody: string;
  /** Null while it is under way. */
  response: Answer | null;
};

/** What is to be sent, before a transport is chosen. */
export type Outgoing = {
  kind: DeliveryKind;
  /** One line for the wire log: `/lucy help`. */
  label: string;
  contentType: 'application/x-www-form-urlencoded' | 'application/json';
  rawBody: string;
  /** The same for Socket Mode (slack-facts section 9). */
  envelope: {
    type: 'slash_commands' | 'interactive' | 'events_api';
    payload: unknown;
    acceptsPayload: boolean;
  };
  retry?: { number: number; reason: string };
};
