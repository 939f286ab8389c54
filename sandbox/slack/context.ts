import type { Activity } from './activity.ts';
import type { FaultPlan } from './faults.ts';
import type { Courier } from './to-lucy/courier.ts';
import type { EventSender } from './to-lucy/event-sender.ts';
import type { SocketHub } from './to-lucy/socket-hub.ts';
import type { WireLog } from './wire.ts';
import type { World } from './world/world.ts';

/** One message that Lucy posted, with its time, so that a test can measure her pace. */
export type Post = {
  at: number;
  method: 'chat.postMessage' | 'chat.postEphemeral' | 'response_url';
  channel: string;
  ts: string;
  text: string;
};

export type Settings = {
  botToken: string;
  appToken: string | null;
  /** What the token may do; methods answer `missing_scope` otherwise. */
  scopes: ReadonlySet<string>;
  /** Which events the app subscribed to: 'app_mention', 'message.im', … */
  subscriptions: ReadonlySet<string>;
  enforceRateLimit: boolean;
  /** `http://127.0.0.1:port`, known once the server listens. */
  baseUrl: () => string;
};

/** The parts of the local Slack, handed to every function that answers or acts. */
export type SlackContext = {
  settings: Settings;
  world: World;
  courier: Courier;
  hub: SocketHub;
  events: EventSender;
  faults: FaultPlan;
  activity: Activity;
  wire: WireLog;
  posts: Post[];
};
