import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { answering } from '#db/connection-line.ts';
import type { Log } from '#src/core/log.ts';
import { boltLog } from './bolt-log.ts';
import type { Team } from './identity/team.ts';
import { listenForButtons } from './listeners/buttons.ts';
import { listenForEvents } from './listeners/events.ts';
import { listenForModals } from './listeners/modals.ts';
import { listenForOthers } from './listeners/others.ts';
import { listenForShortcuts } from './listeners/shortcuts.ts';
import { listenForSlash } from './listeners/slash.ts';
import type { SlackParts } from './parts.ts';
import type { Pending } from './pending.ts';
import type { SlackConfig } from './slack-config.ts';

/**
 * A refresh closes the socket, and the client comes back only after this long without a pong; the default of 5 s
 * would be five seconds of lost requests every few hours.
 */
const SOCKET_PING_TIMEOUT_MS = 1_500;

export type Receiver =
  | { kind: 'http'; receiver: HTTPReceiver }
  | { kind: 'socket'; receiver: SocketModeReceiver };

export function createReceiver(config: SlackConfig, log: Log): Receiver {
  const logger = boltLog(log);
  if (config.appToken === null)
    return { kind: 'http', receiver: new HTTPReceiver({ signingSecret: config.signingSecret, logger }) };
  const receiver = new SocketModeReceiver({
    appToken: config.appToken,
    clientPingTimeout: SOCKET_PING_TIMEOUT_MS,
    logger,
    installerOptions: {
      clientOptions: { slackApiUrl: config.apiUrl, timeout: 10_000, retryConfig: { retries: 0 } },
    },
  });
  return { kind: 'socket', receiver };
}

/** Bolt with Lucy's listeners. It is given the stored ids and never asks Slack itself, so it starts without Slack. */
export function createBoltApp(
  receiver: Receiver,
  config: SlackConfig,
  team: Team,
  parts: SlackParts,
  pending: Pending,
): App {
  const app = new App({
    receiver: receiver.receiver,
    logger: boltLog(parts.log),
    convoStore: false,
    clientOptions: { slackApiUrl: config.apiUrl, retryConfig: { retries: 0 } },
    authorize: async () => {
      const identity = team.current();
      return {
        botToken: config.botToken,
        ...(identity ? { botId: identity.botId, botUserId: identity.botUserId } : {}),
      };
    },
  });
  // Bolt acknowledges in the midst of a listener: who stops must wait for the rest of it.
  app.use(async ({ next }) => pending.add(answering(next)));
  listenForSlash(app, parts);
  listenForButtons(app, parts);
  listenForModals(app, parts);
  listenForShortcuts(app, parts);
  listenForEvents(app, parts);
  listenForOthers(app);
  return app;
}
