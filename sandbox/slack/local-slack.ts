import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WireEntry } from './client-contract.ts';
import type { Post } from './context.ts';
import type { Faults } from './faults.ts';
import type { Json } from './json.ts';
import type { PersonApi } from './person/person-api.ts';
import type { SeenMessage } from './person/seen.ts';
import type { RawRequest } from './to-lucy/courier.ts';
import type { Answer, Delivery } from './to-lucy/delivery.ts';
import type { Wire } from './wire.ts';
import type { Person, UserFlags } from './world/person.ts';
import type { Shortcut, SlashCommand } from './world/world.ts';

export type LocalSlackOptions = {
  signingSecret: string;
  botToken: string;
  /** Lets Lucy connect with Socket Mode. Once she did, nothing goes over HTTP any more. */
  appToken?: string;
  /** Lucy's /slack/events; asked at every delivery, since her port may change. */
  eventsUrl: () => string;
  /** Milliseconds; drives ts, triggers, response URLs and rate limits. */
  now?: () => number;
  /** The clock for signatures, which Lucy checks by the real time. */
  signingClock?: () => number;
  port?: number;
  commands?: readonly SlashCommand[];
  /** What the menu of a message offers. */
  shortcuts?: readonly Shortcut[];
  /** The token's scopes. By default what Lucy's manifest asks for, without `chat:write.public`. */
  scopes?: readonly string[];
  /** Events that the app subscribed to. */
  subscriptions?: readonly string[];
  /** Answers 429 to more than Slack's pace of posts and edits (`web-api/rate-limit.ts`). */
  enforceRateLimit?: boolean;
  /** Slack waits 3 seconds for an ack. */
  ackTimeoutMs?: number;
  /** Slack's retries of an event: at once, after 1 minute, after 5 minutes. */
  retryDelaysMs?: readonly number[];
};

export type NewPerson = Partial<Omit<Person, 'flags'>> & {
  handle: string;
  flags?: Partial<UserFlags>;
  /** Names or ids of channels to be in. */
  channels?: readonly string[];
};

export type LocalSlack = {
  /** `http://127.0.0.1:port` */
  url: string;
  /** For Bolt's `clientOptions.slackApiUrl`. */
  apiUrl: string;
  as(idOrHandle: string): PersonApi;
  /** Every message of a channel, ephemerals of everyone included. */
  messages(channel: string): SeenMessage[];
  /** What Lucy posted, with times. */
  posts: readonly Post[];
  deliveries: readonly Delivery[];
  /** Sends the very same signed bytes and headers of an earlier delivery again. */
  replay(deliveryId: string): Promise<Answer>;
  /** Signs and sends a request made by hand. */
  signedRequest(request: RawRequest): Promise<Delivery>;
  /** Delivers an event of one's own making, subscribed or not, with Slack's retries. */
  sendEvent(event: Json): Promise<Delivery>;
  /** Makes every planned retry of an event now. */
  flushRetries(): Promise<void>;
  setGroupMembers(handle: string, members: readonly string[]): Promise<void>;
  setGroupDisabled(handle: string, isDisabled: boolean): void;
  setUser(idOrHandle: string, patch: Partial<UserFlags>): void;
  /** Adds someone, of this workspace or, with `flags.team_id`, of another. Answers with the id. */
  addPerson(person: NewPerson): string;
  /** Adds a channel with everyone of the workspace but guests in it. Answers with the id. */
  addChannel(channel: { name: string; isPrivate?: boolean; hasBot?: boolean }): string;
  inviteBot(channel: string): void;
  removeBot(channel: string): void;
  archiveChannel(channel: string): void;
  /** From now on a message can be edited only so long; null for ever. */
  setEditWindow(ms: number | null): void;
  faults: Faults;
  /** Socket Mode: asks Lucy to reconnect, as Slack does every few hours. */
  refreshSockets(reason?: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  socketConnections(): number;
  /** Resolves once no request in either direction was open for a short while. */
  settled(options?: { quietMs?: number; timeoutMs?: number }): Promise<void>;
  /** Resolves with the first truthy answer of `predicate`, which is asked at every change. */
  waitFor<T>(predicate: () => T | Promise<T>, options?: { timeoutMs?: number }): Promise<NonNullable<T>>;
  clientListener(request: IncomingMessage, response: ServerResponse): Promise<void>;
  wire: Wire;
  onWire(listener: (entry: WireEntry) => void): () => void;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
};
