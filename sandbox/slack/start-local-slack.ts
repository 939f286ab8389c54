import { createServer } from 'node:http';
import { createActivity } from './activity.ts';
import { clientListener } from './client/client-listener.ts';
import type { SlackContext } from './context.ts';
import { defaultCommands, defaultShortcuts, defaultSubscriptions } from './defaults.ts';
import { createFaults } from './faults.ts';
import { slackListener } from './http/slack-listener.ts';
import { createListeners } from './listeners.ts';
import type { LocalSlack, LocalSlackOptions } from './local-slack.ts';
import { localSlackApi } from './local-slack-api.ts';
import { createCourier } from './to-lucy/courier.ts';
import { createEventSender, slackRetryDelaysMs } from './to-lucy/event-sender.ts';
import { createPoster } from './to-lucy/post.ts';
import { createSocketHub } from './to-lucy/socket-hub.ts';
import { createRateLimit } from './web-api/rate-limit.ts';
import { defaultScopes } from './web-api/scopes.ts';
import { createWire } from './wire.ts';
import { createWorld } from './world/create-world.ts';

/** Slack's ack limit (slack-facts section 4). */
const slackAckTimeoutMs = 3000;

/** Starts a Slack on this machine only, with the workspace of `cast.ts`. */
export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const now = options.now ?? Date.now;
  const changes = createListeners();
  const activity = createActivity();
  const wire = createWire();
  const hub = createSocketHub();
  const poster = createPoster();
  const server = createServer((request, response) => void listener(request, response));
  const courier = createCourier({
    signingSecret: options.signingSecret,
    eventsUrl: options.eventsUrl,
    ackTimeoutMs: options.ackTimeoutMs ?? slackAckTimeoutMs,
    now,
    signingClock: options.signingClock ?? Date.now,
    hub,
    poster,
    wire,
    activity,
  });
  const context: SlackContext = {
    settings: {
      botToken: options.botToken,
      appToken: options.appToken ?? null,
      scopes: new Set(options.scopes ?? defaultScopes),
      subscriptions: new Set(options.subscriptions ?? defaultSubscriptions),
      enforceRateLimit: options.enforceRateLimit ?? false,
      baseUrl: () => baseUrl,
    },
    world: createWorld({
      now,
      seed: options.signingSecret,
      commands: options.commands ?? defaultCommands,
      shortcuts: options.shortcuts ?? defaultShortcuts,
      changed: changes.tell,
    }),
    courier,
    hub,
    events: createEventSender(courier, options.retryDelaysMs ?? slackRetryDelaysMs),
    faults: createFaults({
      cutSockets: hub.cut,
      stopListening() {
        server.close();
        server.closeAllConnections();
      },
      listenAgain: async () => void (await listen(server, Number(new URL(baseUrl).port))),
    }),
    activity,
    wire,
    posts: [],
  };
  const client = clientListener(context, changes.listen);
  const listener = slackListener(context, createRateLimit(now), client);
  server.on('upgrade', (request, socket, head) => {
    if (context.faults.isDown()) socket.destroy();
    else hub.upgrade(request, socket, head);
  });
  const baseUrl = await listen(server, options.port ?? 0);

  return localSlackApi(context, {
    url: baseUrl,
    client,
    changes,
    async close() {
      context.events.close();
      await context.faults.clear();
      hub.close();
      poster.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  });
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  server.off('error', reject);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The local Slack has no port.');
  return `http://127.0.0.1:${address.port}`;
}
