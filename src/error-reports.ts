import { readFileSync } from 'node:fs';
import { systemClock } from '#src/core/clock.ts';
import { createErrorReports, type ErrorReports } from '#src/gateways/sentry-report.ts';

/** How long the end of a process waits for what was reported last. */
export const FLUSH_MS = 5_000;

/** Null without a DSN: then nothing of Sentry is ever loaded. */
export function errorReportsOf(
  dsn: string | null,
  { mode, role }: { mode: 'test' | 'live' | undefined; role: string },
): ErrorReports | null {
  if (dsn === null) return null;
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return createErrorReports({
    dsn,
    environment: mode === 'live' ? 'production' : 'test',
    release: `lucy@${version}`,
    role,
    clock: systemClock,
  });
}
