import { clamp, defang } from '#src/core/text.ts';
import { withoutSecrets } from '#src/core/without-secrets.ts';
import { askUrl } from './ask-url.ts';
import {
  changesLink,
  changesQl,
  type LogIndexSettings,
  type LogQuestion,
  logLink,
  logQl,
  plainQuery,
} from './log-query.ts';

/** One line of the log; `text` is scrubbed and short enough to show. */
export type LogLine = { at: number; text: string };

/** What the log index said. The query and the link are there for a person to go on with, whatever became of it. */
export type LogAnswer =
  | { kind: 'unset' }
  /** Lucy cannot ask this index, but people can open it. */
  | { kind: 'link'; query: string; link: string }
  | ({ kind: 'lines'; lines: LogLine[]; isCut: boolean } & Asked)
  | ({ kind: 'away'; problem: string } & Asked);

/** `changes`: the lines of changes of tier and access alone (support runbook section 1, step 3). */
type Asked = { query: string; link: string | null; changes: { query: string; link: string | null } };

export type LogIndex = { read(question: LogQuestion): Promise<LogAnswer> };

/** A bearer token; with a user, its password for Basic (Grafana Cloud). */
export type LogIndexSecret = { token: string | null; user: string | null };

const TEXT_MAX = 400;
const NS_IN_MS = 1_000_000n;

/** Asks Loki for the first lines: `GET /loki/api/v1/query_range` (grafana.com/docs/loki/latest/reference/loki-http-api). */
export function createLogIndex(settings: LogIndexSettings, secret: LogIndexSecret): LogIndex {
  return {
    async read(question) {
      const link = logLink(settings, question);
      if (settings.loki === undefined)
        return link === null ? { kind: 'unset' } : { kind: 'link', query: plainQuery(question.ids), link };
      const query = logQl(settings, question.ids);
      const changes = { query: changesQl(settings, question.ids), link: changesLink(settings, question) };
      const asked = { query, link, changes };
      const { from, to } = question;
      const parameters = new URLSearchParams({
        query,
        start: nanoseconds(from),
        end: nanoseconds(to),
        limit: String(settings.lines),
        direction: 'forward',
      });
      const url = `${settings.loki.replace(/\/+$/, '')}/loki/api/v1/query_range?${parameters}`;
      const answer = await askUrl(url, 'json', headersOf(settings, secret));
      if (answer.status === null) return { kind: 'away', ...asked, problem: withoutSecrets(answer.problem) };
      if (answer.status !== 200)
        return {
          kind: 'away',
          ...asked,
          problem: `it answered ${answer.status}${meaning(answer.status)}`,
        };
      const lines = readLines(answer.body);
      if (lines === null) return { kind: 'away', ...asked, problem: 'its answer is none of Loki’s' };
      return { kind: 'lines', ...asked, lines, isCut: lines.length >= settings.lines };
    },
  };
}

function headersOf({ tenant }: LogIndexSettings, { token, user }: LogIndexSecret): Record<string, string> {
  const basic = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
  return {
    ...(token === null ? {} : { authorization: user === null ? `Bearer ${token}` : basic }),
    ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
  };
}

function meaning(status: number): string {
  if (status === 400) return ': it did not understand the query';
  if (status === 401 || status === 403) return ': LOG_INDEX_TOKEN or log_index.tenant is wrong';
  return status === 429 ? ': it is asked too often' : '';
}

/** Streams of `[nanoseconds, line]`, each by time; null for what is no such answer. */
function readLines(body: unknown): LogLine[] | null {
  const data = (body as { data?: { resultType?: unknown; result?: unknown } } | null)?.data;
  if (data?.resultType !== 'streams' || !Array.isArray(data.result)) return null;
  const values = data.result.flatMap((stream: { values?: unknown }) =>
    Array.isArray(stream?.values) ? stream.values : [],
  );
  return values
    .flatMap((value: unknown) => {
      const [ns, text] = Array.isArray(value) ? value : [];
      if (typeof text !== 'string' || !/^\d{10,20}$/.test(String(ns))) return [];
      return [{ at: Number(BigInt(ns) / NS_IN_MS), text: shown(text) }];
    })
    .sort((a, b) => a.at - b.at);
}

/** Of a JSON line what people read; else the line. Customers’ addresses and keys do not go on into Slack. */
function shown(line: string): string {
  return clamp(defang(withoutSecrets(inShort(line) ?? line)), TEXT_MAX);
}

function inShort(line: string): string | null {
  try {
    const { level, event, action, msg, message, err } = JSON.parse(line);
    const said = [level, event, action, msg ?? message, err?.type, err?.message];
    const parts = said.filter((part) => typeof part === 'string' && part !== '');
    return parts.length > 1 ? [...new Set(parts)].join(' · ') : null;
  } catch {
    return null;
  }
}

function nanoseconds(ms: number): string {
  return (BigInt(Math.round(ms)) * NS_IN_MS).toString();
}
