import { systemClock } from '#src/core/clock.ts';
import { createLog, type Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { createErrorReports } from '#src/gateways/sentry-report.ts';
import { type LocalLoki, startLocalLoki } from './local-loki.ts';
import { type LocalSentry, startLocalSentry } from './local-sentry.ts';
import { tellOfABug } from './story.ts';

export type Observability = {
  loki: LocalLoki;
  sentry: LocalSentry;
  /** Every line goes into the local index; those at the level asked for are printed, too. */
  log: Log;
  config: {
    sentry: { dsn: string; apiUrl: string; authToken: string };
    logIndex: { token: string; user: null };
  };
  settings(base: Settings): Settings;
  stop(): Promise<void>;
};

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const token = 'sandbox-token';
const organization = 'sandbox';

/** A log index and a Sentry on this machine, and Lucy’s log and errors on their way there. */
export async function startObservability(logLevel: string): Promise<Observability> {
  const loki = await startLocalLoki({ token });
  const sentry = await startLocalSentry({ authToken: token, organization });
  const reports = createErrorReports({
    dsn: sentry.dsn,
    environment: 'sandbox',
    release: 'lucy@sandbox',
    role: 'all',
    clock: systemClock,
  });
  tellOfABug(loki, sentry, systemClock.now());
  const loud = levels.indexOf(logLevel);
  const log = createLog(
    loud > levels.indexOf('info') ? 'info' : logLevel,
    {
      write(line: string) {
        loki.write(line);
        if (levels.indexOf(JSON.parse(line).level) >= loud) process.stdout.write(line);
      },
    },
    reports.report,
  );
  return {
    loki,
    sentry,
    log,
    config: {
      sentry: { dsn: sentry.dsn, apiUrl: sentry.url, authToken: token },
      logIndex: { token, user: null },
    },
    settings: (base) => ({
      ...base,
      log_index: {
        ...base.log_index,
        loki: loki.url,
        selector: '{app=~"lucy|product"}',
        grafana: { url: loki.url, datasource: 'sandbox' },
      },
      sentry: { organization, projects: [] },
    }),
    async stop() {
      await reports.flush(1_000);
      await Promise.all([loki.close(), sentry.close()]);
    },
  };
}
