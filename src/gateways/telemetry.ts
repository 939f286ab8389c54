import type { Settings } from '#src/core/settings.ts';
import { createLogIndex, type LogIndex, type LogIndexSecret } from './log-index.ts';
import { createSentryIssues, type SentryIssues } from './sentry-issues.ts';

/** What is kept elsewhere of what happened: the lines of the log, and the errors. */
export type Telemetry = { logs: LogIndex; sentry: SentryIssues };

export type TelemetryAccess = {
  sentry: { apiUrl: string; authToken: string | null };
  logIndex: LogIndexSecret;
};

export function createTelemetry(
  settings: Pick<Settings, 'log_index' | 'sentry'>,
  { sentry, logIndex }: TelemetryAccess,
): Telemetry {
  return {
    logs: createLogIndex(settings.log_index, logIndex),
    sentry: createSentryIssues(settings.sentry, sentry),
  };
}

/** Where nothing of it is set up. */
export const noTelemetry: Telemetry = {
  logs: { read: async () => ({ kind: 'unset' }) },
  sentry: {
    find: async () => ({
      kind: 'unset',
      missing: ['sentry.organization in the settings', 'SENTRY_AUTH_TOKEN'],
    }),
  },
};
