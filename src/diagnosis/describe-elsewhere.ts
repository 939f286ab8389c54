import { isoTime } from '#src/core/clock.ts';
import { clamp, counted, listed } from '#src/core/text.ts';
import type { Section, Value } from '#src/replies/reply.ts';
import type { Elsewhere } from './elsewhere.ts';

/** Enough to see what it is about; the rest is behind the link. */
const LINES_SHOWN = 12;
/** A query of many ids is a wall; the link holds all of it. */
const QUERY_SHOWN = 200;

/** Sections for people: the log’s first lines and Sentry’s issues, or why there are none and what to do. */
export function elsewhereSections(found: Elsewhere): Section[] {
  return [logSection(found), sentrySection(found)];
}

function logSection({ logs }: Elsewhere): Section {
  if (logs.kind === 'unasked')
    return { heading: 'Log', empty: 'No request ID or correlation ID is known to look for.' };
  if (logs.kind === 'unset')
    return { heading: 'Log', empty: 'Lucy knows no log index: set log_index.loki or log_index.link.' };
  const link: Value[][] = logs.link === null ? [] : [[{ link: logs.link, text: 'Open it in the log index' }]];
  if (logs.kind === 'link')
    return {
      heading: 'Log',
      lines: [[{ code: logs.link === null ? logs.query : clamp(logs.query, QUERY_SHOWN) }], ...link],
    };
  if (logs.kind === 'away')
    return {
      heading: 'Log: the log index did not answer',
      lines: [
        [`The log index could not be read (${logs.problem}). This is the query:`],
        [{ code: logs.query }],
        ...link,
        ...changesLines(logs),
      ],
    };
  const shown = logs.lines.slice(0, LINES_SHOWN);
  const more = logs.lines.length - shown.length;
  return {
    heading: `Log: ${logs.isCut ? 'at least ' : ''}${counted(logs.lines.length, 'line')}`,
    lines: [
      ...shown.map(({ at, text }): Value[] => [{ at }, text]),
      ...(more > 0 ? [[`${counted(more, 'more line')}.`]] : []),
      [{ code: logs.link === null ? logs.query : clamp(logs.query, QUERY_SHOWN) }],
      ...link,
      // What is shown in full shows them, too.
      ...(more > 0 || logs.isCut ? changesLines(logs) : []),
    ],
  };
}

/** Support runbook section 1, step 3: the history of the changes alone. */
function changesLines({ changes }: Extract<Elsewhere['logs'], { changes: unknown }>): Value[][] {
  const { query, link } = changes;
  const way: Value = link === null ? { code: query } : { link, text: 'Open them in the log index' };
  return [['Only the changes of tier and access: ', way]];
}

function sentrySection({ sentry }: Elsewhere): Section {
  const heading = 'Sentry';
  if (sentry.kind === 'unasked')
    return { heading, empty: 'Neither an id nor a moment is known to look for.' };
  if (sentry.kind === 'unset')
    return { heading, empty: `Lucy cannot read Sentry: set ${listed(sentry.missing)}.` };
  if (sentry.kind === 'away')
    return { heading: 'Sentry did not answer', empty: `Sentry could not be read (${sentry.problem}).` };
  const all: Value[][] = [[{ link: sentry.link, text: 'Open the search in Sentry' }]];
  if (sentry.issues.length === 0)
    return {
      heading: 'Sentry: no issue',
      lines: [['None with these ids in its tags in this time.'], ...all],
    };
  return {
    heading: `Sentry: ${counted(sentry.issues.length, 'issue')}${sentry.isByTime ? ' of this time' : ''}`,
    lines: [
      ...sentry.issues.map(({ name, title, where, count, link }): Value[] => [
        { link, text: name },
        `${title}${where === '' ? '' : ` in ${where}`}, ${counted(count, 'time')}`,
      ]),
      ...all,
    ],
  };
}

/** `5 log lines` and `1 Sentry issue`; empty where neither has anything. */
export function foundElsewhere({ logs, sentry }: Elsewhere): string[] {
  const lines = logs.kind === 'lines' ? logs.lines.length : 0;
  const issues = sentry.kind === 'issues' ? sentry.issues.length : 0;
  return [
    ...(lines > 0 ? [counted(lines, 'log line')] : []),
    ...(issues > 0 ? [counted(issues, 'Sentry issue')] : []),
  ];
}

/** `4 things, 5 log lines and 1 Sentry issue`: nothing is 0 things only where there is nothing anywhere. */
export function foundWords(things: number, elsewhere: Elsewhere): string {
  const others = foundElsewhere(elsewhere);
  return listed([...(things > 0 || others.length === 0 ? [counted(things, 'thing')] : []), ...others]);
}

/** Both in few words, for a preview or a tick. */
export function elsewhereWords({ logs, sentry }: Elsewhere): { log: string; sentry: string } {
  const log = {
    unasked: 'not searched: no id is known',
    unset: 'not set up',
    link: 'to be opened by hand',
    away: 'did not answer',
    lines: logs.kind === 'lines' ? counted(logs.lines.length, 'line') : '',
  }[logs.kind];
  const issues = {
    unasked: 'not searched: neither an id nor a moment is known',
    unset: 'not set up',
    away: 'did not answer',
    issues: sentry.kind === 'issues' ? counted(sentry.issues.length, 'issue') : '',
  }[sentry.kind];
  return { log, sentry: issues };
}

/** Runbook section 5: “Correlation ID missing or logs unavailable → notify DevOps”. */
export function isLogUnavailable({ logs }: Elsewhere): boolean {
  return logs.kind === 'away' || logs.kind === 'unasked';
}

export function elsewhereJson({ ids, from, to, logs, sentry }: Elsewhere): Record<string, unknown> {
  return {
    ids,
    from: isoTime(from),
    to: isoTime(to),
    log:
      logs.kind === 'lines'
        ? { ...logs, lines: logs.lines.map((line) => ({ ...line, at: isoTime(line.at) })) }
        : logs,
    sentry,
  };
}
