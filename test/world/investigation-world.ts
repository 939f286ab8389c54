import { onTestFinished } from 'vitest';
import { type LocalLoki, startLocalLoki } from '#sandbox/observability/local-loki.ts';
import { type LocalSentry, startLocalSentry } from '#sandbox/observability/local-sentry.ts';
import type { Settings } from '#src/core/settings.ts';
import { createErrorReports, type ErrorReports } from '#src/gateways/sentry-report.ts';
import { createTelemetry } from '#src/gateways/telemetry.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { type SofiaWorld, sofiaWorld } from './sofia-world.ts';

export type InvestigationWorld = SofiaWorld & {
  loki: LocalLoki;
  sentry: LocalSentry;
  reports: ErrorReports;
};

const token = 'a-token-of-the-tests';

/** Settings that lead to these two, and a clock-independent token for both. */
export function observedSettings(base: Settings, loki: LocalLoki): Settings {
  return {
    ...base,
    log_index: {
      ...base.log_index,
      loki: loki.url,
      link: undefined,
      tenant: 'acme',
      grafana: { url: loki.url, datasource: 'loki' },
    },
    sentry: { organization: 'acme', projects: [1], environment: undefined },
  } as Settings;
}

/** The terminal, sofia@firm.com, and a Loki and a Sentry on real sockets. */
export async function investigationWorld(options: { settings?: Settings } = {}): Promise<InvestigationWorld> {
  const loki = await startLocalLoki({ token, tenant: 'acme' });
  const sentry = await startLocalSentry({ authToken: token, organization: 'acme' });
  onTestFinished(async () => void (await Promise.all([loki.close(), sentry.close()])));
  const settings = observedSettings(options.settings ?? sampleSettings, loki);
  const world = await sofiaWorld({ settings });
  world.runner.telemetry = createTelemetry(settings, {
    sentry: { apiUrl: sentry.url, authToken: token },
    logIndex: { token, user: null },
  });
  const reports = createErrorReports({
    dsn: sentry.dsn,
    environment: 'test',
    release: 'lucy@test',
    role: 'all',
    clock: world.clock,
  });
  return { ...world, loki, sentry, reports };
}
