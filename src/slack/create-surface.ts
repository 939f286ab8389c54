import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { RoomDoor } from '#src/incidents/rooms/room-door.ts';
import type { Announcer } from '#src/outbox/announcer.ts';
import type { Runner } from '#src/runner/runner.ts';
import { createSlackAnnouncer } from './announcer.ts';
import { createBoltApp, createReceiver } from './bolt-app.ts';
import { createSlackDoor } from './door/slack-door.ts';
import { publishHome } from './home/publish-home.ts';
import { createMembers } from './identity/members.ts';
import { createTeam } from './identity/team.ts';
import { createMethodRests } from './method-rests.ts';
import type { SlackParts } from './parts.ts';
import { createPending } from './pending.ts';
import { createResponseUrls } from './response-url.ts';
import { createRoomDoor } from './rooms.ts';
import { createSlackClient } from './slack-client.ts';
import type { SlackConfig } from './slack-config.ts';
import { type SlackHealth, slackHealth } from './slack-health.ts';
import { createSocketMode } from './socket-mode.ts';

export type SlackSurface = {
  /** For `POST /slack/events` of Lucy's own server. Never throws. */
  requestListener(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Returns at once, whether Slack can be reached or not. Who takes no requests opens no socket. */
  start(options?: { takesRequests: boolean }): Promise<void>;
  /** Waits for what was acknowledged and is not answered yet. */
  stop(): Promise<void>;
  announcer: Announcer;
  rooms: RoomDoor;
  /** Asks who is in the user groups, so that the terminal knows it too while nobody types in Slack. */
  refreshGroups(): Promise<void>;
  health(): SlackHealth;
};

/** Somebody waits for these calls, three seconds at most. */
const ASK_TIMEOUT_MS = 2_500;
/** Nobody waits for a post, and giving up on one that went through posts it twice. */
const POST_TIMEOUT_MS = 10_000;

/** Slack in front of the runner: slash commands, buttons, modals, Home, and the posts of the outbox. */
export function createSlackSurface(deps: {
  runner: Runner;
  config: SlackConfig;
  log: Log;
  clock: Clock;
  /** Called when something was done, so that its message need not wait for the next look into the outbox. */
  wake?: () => void;
}): SlackSurface {
  const { runner, config, log, clock, wake } = deps;
  const slack = createSlackClient(config, ASK_TIMEOUT_MS, log);
  const rests = createMethodRests({ database: runner.database, clock, log });
  const team = createTeam(runner.database, slack, clock, log);
  const members = createMembers({
    slack,
    rests,
    team,
    database: runner.database,
    settings: runner.settings,
    clock,
    log,
  });
  const parts: SlackParts = {
    runner,
    slack,
    members,
    responses: createResponseUrls(config.apiUrl, log),
    files: { botToken: config.botToken, apiUrl: config.apiUrl },
    log,
    runEnded(userId, actor) {
      wake?.();
      pending.add(publishHome({ runner, slack, log }, userId, actor));
    },
  };
  const pending = createPending();
  let isListening = true;
  const receiver = createReceiver(config, log);
  createBoltApp(receiver, config, team, parts, pending);
  const announcer = createSlackAnnouncer(
    createSlackClient(config, POST_TIMEOUT_MS, log),
    runner.settings,
    rests,
  );
  const socket = receiver.kind === 'socket' ? createSocketMode(receiver.receiver, log) : null;
  return {
    requestListener:
      receiver.kind === 'http'
        ? createSlackDoor({
            bolt: receiver.receiver.requestListener,
            signingSecret: config.signingSecret,
            clock,
            log,
          })
        : async (_request, response) => void response.writeHead(404, { 'content-length': 0 }).end(),
    async start({ takesRequests } = { takesRequests: true }) {
      isListening = takesRequests;
      await team.start();
      if (takesRequests) socket?.start();
    },
    async stop() {
      team.stop();
      await socket?.stop();
      await pending.settle();
    },
    announcer,
    rooms: createRoomDoor(createSlackClient(config, POST_TIMEOUT_MS, log), rests),
    refreshGroups: members.refreshGroups,
    health: () => slackHealth(team, { problem: () => (isListening ? (socket?.problem() ?? null) : null) }),
  };
}
