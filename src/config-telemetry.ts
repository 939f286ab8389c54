/** Where Lucy’s own errors go (DSN), and where `investigate` and `trace` look for issues and log lines. */
export type TelemetryConfig = {
  sentry: { dsn: string | null; apiUrl: string; authToken: string | null };
  /** A bearer token of the log index; with a user, the password of Basic. */
  logIndex: { token: string | null; user: string | null };
};

export const whereOfTelemetry = {
  SENTRY_DSN: 'your Sentry project → Settings → Client Keys (DSN); leave it unset to report no errors',
  SENTRY_API_URL: 'leave it unset for https://sentry.io',
  LOG_INDEX_USER: 'only beside LOG_INDEX_TOKEN, for a log index that asks for a user and a password',
} as const;

type Reader = {
  text(name: string): string | null;
  url(name: 'SENTRY_API_URL'): string | null;
  problem(name: 'SENTRY_DSN' | 'LOG_INDEX_USER', text: string): void;
};

/** A public key before the @, and a project’s number at the end (docs.sentry.io/concepts/key-terms/dsn-explainer). */
const aDsn = /^https?:\/\/[^/@\s]+@[^/@\s]+\/(?:[^@\s]+\/)?\d+$/;

export function readTelemetryConfig(reader: Reader): TelemetryConfig {
  const dsn = reader.text('SENTRY_DSN');
  if (dsn !== null && !aDsn.test(dsn)) reader.problem('SENTRY_DSN', 'is not a DSN of Sentry');
  const token = reader.text('LOG_INDEX_TOKEN');
  const user = reader.text('LOG_INDEX_USER');
  if (user !== null && token === null) reader.problem('LOG_INDEX_USER', 'is set without LOG_INDEX_TOKEN');
  return {
    sentry: {
      dsn,
      apiUrl: reader.url('SENTRY_API_URL') ?? 'https://sentry.io',
      authToken: reader.text('SENTRY_AUTH_TOKEN'),
    },
    logIndex: { token, user },
  };
}
