import type { Actor } from '#src/core/actor.ts';
import type { Log } from '#src/core/log.ts';
import type { Place } from '#src/policy/place.ts';
import type { Runner } from '#src/runner/runner.ts';
import type { Members } from './identity/members.ts';
import type { ResponseUrls } from './response-url.ts';
import type { SlackClient } from './slack-client.ts';

/** What every listener works with; built once, at wiring. */
export type SlackParts = {
  runner: Runner;
  slack: SlackClient;
  members: Members;
  responses: ResponseUrls;
  /** With what, and from where, files are fetched. */
  files: { botToken: string; apiUrl: string };
  log: Log;
  /** Something was done or cancelled: the outbox may have a message, and Home a new line. */
  runEnded(userId: string, actor: Actor): void;
};

/** One request of a person through Slack. */
export type Asked = {
  userId: string;
  actor: Actor;
  correlationId: string;
  /** The Slack delivery: the same one is the same run. */
  key: string;
  /** Kept with the run, so that an answer can go back there. */
  origin: Origin;
};

/** `channelName` is without #; Slack gives none for private channels, modals and Home. */
export type Origin = {
  responseUrl: string | null;
  /** The first message of the thread that it was asked in. */
  threadTs: string | null;
} & Place;

/** Where Slack does not say where somebody is. */
export const nowhere: Origin = { responseUrl: null, threadTs: null, channelId: null, channelName: null };
