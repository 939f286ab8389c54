import pino from 'pino';

export type Log = pino.Logger;

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

/** JSON lines on stdout. `correlationId`, `event` and `action` are the names the support runbook searches for. */
export function createLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
