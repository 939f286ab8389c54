import type { NodeClient } from '@sentry/node';
import type { Clock } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { ErrorLine } from '#src/core/log.ts';
import { createStormLimit } from './error-storm.ts';
import { bareEvent, errorWords } from './sentry-event.ts';

/** Lucy’s own errors on their way to Sentry. */
export type ErrorReports = {
  /** Never throws and never waits; the same error object is reported once, however often it is logged. */
  report(line: ErrorLine): void;
  /** Loads the SDK ahead of the first error, for a process that lives long. */
  warm(): void;
  /** Waits until what was reported left, but no longer than this. */
  flush(timeoutMs: number): Promise<void>;
};

type Options = { dsn: string; environment: string; release: string; role: string; clock: Clock };
type Sentry = { sdk: typeof import('@sentry/node'); client: NodeClient };

/** Errors that wait for the SDK to load; then the storm limit holds anyway. */
const WAITING_MAX = 100;

/**
 * Sends scrubbed errors to Sentry with `@sentry/node` 11.11. The SDK is loaded when it is needed, and by itself it looks at
 * nothing: without its integrations it hooks into no request, console, database or global handler, so the log is the only
 * source and each error arrives once. Sentry being away is nobody’s trouble: what cannot be sent is dropped.
 */
export function createErrorReports(options: Options): ErrorReports {
  const limit = createStormLimit(options.clock);
  const seen = new WeakSet<object>();
  let loading: Promise<Sentry | null> | null = null;
  let waiting = 0;
  const load = () => {
    loading ??= startSentry(options).catch(() => null);
    return loading;
  };
  return {
    report(line) {
      const { error } = line;
      if (typeof error === 'object' && error !== null) {
        if (seen.has(error)) return;
        seen.add(error);
      }
      const { isLet, heldBack } = limit(kindOf(line));
      if (!isLet || waiting >= WAITING_MAX) return;
      waiting++;
      void load()
        .then((sentry) => sentry && capture(sentry, line, options, heldBack))
        .catch(() => {})
        .finally(() => {
          waiting--;
        });
    },
    warm: () => void load(),
    async flush(timeoutMs) {
      if (loading === null) return;
      // What was reported before is captured in the turn in which the SDK arrives, and then is on its way.
      const sentry = await within(timeoutMs, loading);
      await sentry?.client.flush(timeoutMs);
    },
  };
}

async function startSentry({ dsn, environment, release }: Options): Promise<Sentry> {
  const sdk = await import('@sentry/node');
  const client = new sdk.NodeClient({
    dsn,
    environment,
    release,
    integrations: [],
    transport: sdk.makeNodeTransport,
    stackParser: sdk.defaultStackParser,
    beforeSend: bareEvent,
    beforeBreadcrumb: () => null,
    maxBreadcrumbs: 0,
    // What version 10 called sendDefaultPii; since 11 everything is collected unless it is said otherwise.
    dataCollection: {
      userInfo: false,
      cookies: false,
      httpHeaders: false,
      httpBodies: [],
      urlQueryParams: false,
      databaseQueryData: false,
      queues: false,
      stackFrameVariables: false,
    },
    includeLocalVariables: false,
    enhanceFetchErrorMessages: false,
    includeServerName: false,
    sendClientReports: false,
    enableOpenTelemetrySetup: false,
    enableRuntimeChannelInjection: false,
  });
  return { sdk, client };
}

function capture({ sdk, client }: Sentry, line: ErrorLine, options: Options, heldBack: number): void {
  const { error, event, correlationId, level } = line;
  const scope = new sdk.Scope();
  scope.setLevel(level);
  scope.setTags({ correlation_id: correlationId, event: event ?? 'none', role: options.role });
  if (heldBack > 0) scope.setExtra('held_back', heldBack);
  const cause = error instanceof Error && error.cause ? errorWords(errorMessage(error.cause)) : '';
  if (cause !== '') scope.setExtra('cause', cause);
  // What is no error would be sent whole, with everything in it.
  client.captureException(error instanceof Error ? error : new Error(String(error)), undefined, scope);
}

/** The event, the type and the place: what Sentry would make one issue of. */
function kindOf({ error, event }: ErrorLine): string {
  const place =
    error instanceof Error ? (error.stack ?? '').split('\n').find((row) => /^\s+at /.test(row)) : '';
  return `${event ?? ''}|${error instanceof Error ? error.name : typeof error}|${place?.trim() ?? ''}`;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
