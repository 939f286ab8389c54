import pino from 'pino';
import { systemClock } from './clock.ts';
import { newCorrelationId } from './correlation.ts';

export type Log = pino.Logger;
type LogMethod = NonNullable<NonNullable<pino.LoggerOptions['hooks']>['logMethod']>;

/** A line about a defect: what went wrong, and where to look for it. */
export type ErrorLine = {
  level: 'error' | 'fatal';
  error: unknown;
  event: string | null;
  correlationId: string;
};

/** Values under these names never reach a log line, however deep a caller puts them (two levels are enough here). */
const secretNames = [
  'token',
  'secret',
  'authorization',
  'cookie',
  'response_url',
  'responseUrl',
  'apiKey',
  'password',
];

const ERROR = 50;
const FATAL = 60;

/**
 * JSON lines on stdout. `correlationId`, `event` and `action` are the names the support runbook searches for.
 *
 * @param onError hears of every line at error or above that carries an `err`: the one road to Sentry, so that nothing
 * is reported twice. A line without a correlation ID gets one there, so that the report leads back to the line.
 */
export function createLog(
  level: string,
  destination?: pino.DestinationStream,
  onError?: (line: ErrorLine) => void,
): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
    ...(onError ? { hooks: { logMethod: reporting(onError) } } : {}),
  };
  return destination ? pino(options, destination) : pino(options);
}

function reporting(onError: (line: ErrorLine) => void): LogMethod {
  return function report(args, method, level) {
    const [facts, ...rest] = args as [unknown, ...unknown[]];
    if (level < ERROR || !isAboutError(facts)) return method.apply(this, args);
    const bound = this.bindings().correlationId;
    const correlationId = String(facts.correlationId ?? bound ?? newCorrelationId(systemClock.now()));
    onError({
      level: level >= FATAL ? 'fatal' : 'error',
      error: facts.err,
      event: typeof facts.event === 'string' ? facts.event : null,
      correlationId,
    });
    const found = { ...facts, correlationId };
    return method.apply(this, [found, ...rest] as unknown as typeof args);
  };
}

function isAboutError(facts: unknown): facts is Record<string, unknown> & { err: unknown } {
  return typeof facts === 'object' && facts !== null && 'err' in facts && facts.err != null;
}
