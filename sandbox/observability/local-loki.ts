import { LogQlError, readLogQl, type StoredLine } from './log-ql.ts';
import { type Answered, type Asked, escapeHtml, page, serveLocal } from './serve-local.ts';

export type LocalLoki = {
  url: string;
  /** A line of Lucy’s, as pino writes it: give this as the log’s destination. */
  write(line: string): void;
  /** A line of another program. */
  push(line: StoredLine): void;
  /** What was asked. */
  queries: string[];
  down(isDown: boolean): void;
  close(): Promise<void>;
};

const LINES_MAX = 50_000;
const RANGE_MAX_MS = 30 * 24 * 60 * 60 * 1000 + 60 * 60 * 1000;
const MS = 1_000_000n;

/** `GET /loki/api/v1/query_range` over lines in memory, and a page at `/explore` in place of Grafana’s. */
export async function startLocalLoki(options: { token?: string; tenant?: string } = {}): Promise<LocalLoki> {
  const lines: StoredLine[] = [];
  const queries: string[] = [];
  let isDown = false;
  const push = (line: StoredLine) => {
    lines.push(line);
    if (lines.length > LINES_MAX) lines.shift();
  };
  const { url, close } = await serveLocal(
    (asked) => {
      if (asked.url.pathname === '/explore') return { status: 200, html: explore(asked, lines) };
      if (asked.url.pathname !== '/loki/api/v1/query_range')
        return { status: 404, text: '404 page not found' };
      if (options.token && asked.headers.authorization !== `Bearer ${options.token}`)
        return { status: 401, text: 'Unauthorized' };
      if (options.tenant && asked.headers['x-scope-orgid'] !== options.tenant)
        return { status: 401, text: 'no org id' };
      queries.push(asked.url.searchParams.get('query') ?? '');
      return queryRange(asked, lines);
    },
    () => isDown,
  );
  return {
    url,
    queries,
    push,
    write: (line) => push({ at: timeOf(line), labels: { app: 'lucy' }, text: line.trimEnd() }),
    down(value) {
      isDown = value;
    },
    close,
  };
}

function timeOf(line: string): number {
  const at = Date.parse(String(JSON.parse(line).time));
  return Number.isNaN(at) ? Date.now() : at;
}

function queryRange({ url }: Asked, lines: readonly StoredLine[]): Answered {
  const limit = Number(url.searchParams.get('limit') ?? 100);
  const from = Number(BigInt(url.searchParams.get('start') ?? 0) / MS);
  const to = Number(BigInt(url.searchParams.get('end') ?? 0) / MS);
  if (to < from) return { status: 400, text: 'end timestamp must not be before or equal to start time' };
  if (to - from > RANGE_MAX_MS) return { status: 400, text: 'the query time range exceeds the limit' };
  if (!(limit > 0 && limit <= 5_000)) return { status: 400, text: 'max entries limit per query exceeded' };
  try {
    const found = select(lines, url.searchParams.get('query') ?? '', from, to);
    const isForward = url.searchParams.get('direction') === 'forward';
    const wanted = (isForward ? found : found.toReversed()).slice(0, limit);
    const result = wanted.map(({ labels, at, text }) => ({
      stream: labels,
      values: [[nanoseconds(at), text]],
    }));
    return { status: 200, json: { status: 'success', data: { resultType: 'streams', result, stats: {} } } };
  } catch (error) {
    if (error instanceof LogQlError) return { status: 400, text: error.message };
    throw error;
  }
}

function select(lines: readonly StoredLine[], query: string, from: number, to: number): StoredLine[] {
  const isWanted = readLogQl(query);
  return lines
    .filter((line) => line.at >= from && line.at <= to && isWanted(line))
    .sort((a, b) => a.at - b.at);
}

function nanoseconds(ms: number): string {
  return (BigInt(ms) * MS).toString();
}

function explore({ url }: Asked, lines: readonly StoredLine[]): string {
  const [pane] = Object.values(JSON.parse(url.searchParams.get('panes') ?? '{}')) as {
    queries: { expr: string }[];
    range: { from: string; to: string };
  }[];
  const query = pane?.queries[0]?.expr ?? '{app="lucy"}';
  const found = select(
    lines,
    query,
    Number(pane?.range.from ?? 0),
    Number(pane?.range.to ?? Number.MAX_SAFE_INTEGER),
  );
  const rows = found
    .slice(0, 500)
    .map(({ at, text }) => `<tr><td>${new Date(at).toISOString().slice(11, 23)}<td>${escapeHtml(text)}`);
  return page('Explore the log', `<p><code>${escapeHtml(query)}</code></p><table>${rows.join('')}</table>`);
}
