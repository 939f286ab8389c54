import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '#src/core/log.ts';

/**
 * Bolt's and the Slack client's own log lines, in Lucy's log. Debug is dropped: it holds bodies, and bodies hold
 * response URLs and what customers wrote.
 */
export function boltLog(log: Log): Logger {
  const said = (parts: unknown[]) => ({
    event: 'slack_library',
    err: parts.find((part) => part instanceof Error),
  });
  const text = (parts: unknown[]) =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug: () => {},
    info: (...parts) => log.debug(said(parts), text(parts)),
    warn: (...parts) => log.warn(said(parts), text(parts)),
    error: (...parts) => log.warn(said(parts), text(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
