import { webApi } from '@slack/bolt';
import type { Log } from '#src/core/log.ts';
import { boltLog } from './bolt-log.ts';

export type SlackClient = webApi.WebClient;

/** What went wrong with a call: whether it can have had an effect, and when to try again. */
export type SlackProblem =
  /** Slack understood and said no; nothing happened. */
  | { kind: 'refused'; code: string }
  | { kind: 'rate_limited'; retryAfterMs: number }
  /** Nothing reached Slack. */
  | { kind: 'away'; message: string }
  /** A timeout, a broken connection or a 5xx: Slack may have done it all the same. */
  | { kind: 'unsure'; message: string };

/**
 * One try per call: the client's own retries repeat a post whose first try went through
 * (docs.slack.dev/tools/node-slack-sdk/web-api, “Automatic retries”), and they pause every other call meanwhile.
 */
export function createSlackClient(
  config: { botToken: string; apiUrl: string },
  timeoutMs: number,
  log: Log,
): SlackClient {
  return new webApi.WebClient(config.botToken, {
    slackApiUrl: config.apiUrl.endsWith('/') ? config.apiUrl : `${config.apiUrl}/`,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    logger: boltLog(log),
  });
}

const SECOND_MS = 1_000;

/** Refusals that say nothing about the request: Slack itself stumbled, perhaps after doing it. */
const stumbles = new Set(['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable']);
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function slackProblem(error: unknown): SlackProblem {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return { kind: 'rate_limited', retryAfterMs: Math.max(1, error.retryAfter) * SECOND_MS };
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const code = error.data.error;
    if (code === 'ratelimited' || code === 'rate_limited')
      return { kind: 'rate_limited', retryAfterMs: 30 * SECOND_MS };
    return stumbles.has(code) ? { kind: 'unsure', message: code } : { kind: 'refused', code };
  }
  const message = error instanceof Error ? error.message : String(error);
  return codesOf(error).some((code) => neverSent.has(code))
    ? { kind: 'away', message }
    : { kind: 'unsure', message };
}

/** Error codes along the chain of causes: the client wraps what fetch throws, which wraps what the socket said. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    if ('code' in current) codes.push(String(current.code));
    if (current instanceof AggregateError) codes.push(...current.errors.flatMap(codesOf));
    current = 'original' in current ? current.original : current.cause;
  }
  return codes;
}

/** Slack's word or our own for a problem, for logs and people. */
export function problemWord(problem: SlackProblem): string {
  if (problem.kind === 'refused') return problem.code;
  if (problem.kind === 'rate_limited') return 'rate_limited';
  return problem.message;
}
