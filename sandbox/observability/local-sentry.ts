import { type Answered, type Asked, escapeHtml, page, serveLocal } from './serve-local.ts';

/** An event as Lucy sent it. */
export type SentryEvent = {
  event_id: string;
  timestamp?: number;
  level?: string;
  release?: string;
  environment?: string;
  tags?: Record<string, string>;
  extra?: Record<string, unknown>;
  exception?: {
    values: { type: string; value: string; stacktrace?: { frames: Record<string, unknown>[] } }[];
  };
};

export type LocalSentry = {
  url: string;
  dsn: string;
  /** What arrived, oldest first, and every byte of it. */
  events: SentryEvent[];
  raw: string[];
  issues(): LocalIssue[];
  down(isDown: boolean): void;
  close(): Promise<void>;
};

type LocalIssue = { id: string; title: string; culprit: string; events: SentryEvent[] };

const KEY = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
const PROJECT = '1';

/** Takes envelopes, and lists issues by tag (develop.sentry.dev: envelopes; docs.sentry.io: List an Organization’s Issues). */
export async function startLocalSentry(options: {
  authToken: string;
  organization: string;
}): Promise<LocalSentry> {
  const events: SentryEvent[] = [];
  const raw: string[] = [];
  let isDown = false;
  const issues = () => grouped(events);
  const { url, close } = await serveLocal(
    (asked) => {
      if (asked.url.pathname === `/api/${PROJECT}/envelope/`) return takeEnvelope(asked, events, raw);
      if (asked.url.pathname === `/api/0/organizations/${options.organization}/issues/`)
        return listIssues(asked, options.authToken, issues(), (id) => `${url}/issues/${id}/`);
      if (asked.url.pathname.startsWith('/api/0/'))
        return { status: 404, json: { detail: 'The requested resource does not exist' } };
      const issue = issues().find(({ id }) => asked.url.pathname === `/issues/${id}/`);
      return issue
        ? { status: 200, html: issuePage(issue) }
        : { status: 404, text: 'There is no such page.' };
    },
    () => isDown,
  );
  return {
    url,
    dsn: `${url.replace('//', `//${KEY}@`)}/${PROJECT}`,
    events,
    raw,
    issues,
    down(value) {
      isDown = value;
    },
    close,
  };
}

function takeEnvelope({ method, url, headers, body }: Asked, events: SentryEvent[], raw: string[]): Answered {
  if (method !== 'POST') return { status: 405, json: { detail: 'Method not allowed' } };
  const key =
    url.searchParams.get('sentry_key') ?? /sentry_key=(\w+)/.exec(String(headers['x-sentry-auth']))?.[1];
  if (key !== KEY) return { status: 403, json: { detail: 'bad sentry DSN public key' } };
  const text = body.toString('utf8');
  raw.push(JSON.stringify(headers), text);
  // A header line, then pairs of an item’s header and its payload.
  const lines = text.split('\n').slice(1);
  for (let index = 0; index + 1 < lines.length; index += 2)
    if (JSON.parse(lines[index] ?? '{}').type === 'event') events.push(JSON.parse(lines[index + 1] ?? '{}'));
  return { status: 200, json: { id: events.at(-1)?.event_id ?? null } };
}

function grouped(events: readonly SentryEvent[]): LocalIssue[] {
  const issues = new Map<string, LocalIssue>();
  for (const event of events) {
    const thrown = event.exception?.values.at(-1);
    const frame = thrown?.stacktrace?.frames.at(-1);
    const kind = `${thrown?.type} ${frame?.filename}:${frame?.lineno}`;
    const issue = issues.get(kind) ?? {
      id: String(4_000_000_001 + issues.size),
      title: `${thrown?.type}: ${thrown?.value}`,
      culprit: `${frame?.function ?? '?'} (${frame?.filename ?? '?'})`,
      events: [],
    };
    issue.events.push(event);
    issues.set(kind, issue);
  }
  return [...issues.values()];
}

function listIssues(
  { url, headers }: Asked,
  authToken: string,
  issues: readonly LocalIssue[],
  linkOf: (id: string) => string,
): Answered {
  if (headers.authorization === undefined)
    return { status: 401, json: { detail: 'Authentication credentials were not provided.' } };
  if (headers.authorization !== `Bearer ${authToken}`)
    return { status: 401, json: { detail: 'Invalid token' } };
  const matches = matcher(url.searchParams.get('query') ?? 'is:unresolved');
  if (!matches) return { status: 400, json: { detail: 'Error parsing search query' } };
  const [start, end] = ['start', 'end'].map((name) => Date.parse(`${url.searchParams.get(name)}Z`));
  const isWithin = ({ timestamp = 0 }: SentryEvent) =>
    !(timestamp * 1000 < (start ?? 0) - 1000 || timestamp * 1000 > (end ?? Number.MAX_VALUE) + 1000);
  const found = issues
    .filter((issue) => issue.events.some((event) => isWithin(event) && matches(event)))
    .slice(0, Number(url.searchParams.get('limit') ?? 100));
  return {
    status: 200,
    json: found.map(({ id, title, culprit, events }) => ({
      id,
      shortId: `LUCY-${Number(id) - 4_000_000_000}`,
      title,
      culprit,
      permalink: linkOf(id),
      count: String(events.length),
      userCount: 0,
      level: events.at(-1)?.level ?? 'error',
      status: 'unresolved',
      firstSeen: new Date((events[0]?.timestamp ?? 0) * 1000).toISOString(),
      lastSeen: new Date((events.at(-1)?.timestamp ?? 0) * 1000).toISOString(),
    })),
  };
}

/** `tag:[a,b]`, `tag:a`, `is:unresolved` or nothing; null for what this Sentry cannot read. */
function matcher(query: string): ((event: SentryEvent) => boolean) | null {
  if (query.trim() === '' || query.trim() === 'is:unresolved') return () => true;
  const [, tag = '', list, single] = /^(\w+):(?:\[([^\]]*)\]|"?([\w.:-]+)"?)$/.exec(query.trim()) ?? [];
  if (tag === '') return null;
  const wanted = list === undefined ? [single] : list.split(',');
  return (event) => wanted.includes(event.tags?.[tag] ?? '');
}

function issuePage({ title, culprit, events }: LocalIssue): string {
  const last = events.at(-1);
  const rows = Object.entries({
    level: last?.level,
    release: last?.release,
    ...last?.tags,
    events: events.length,
  });
  const frames = (last?.exception?.values.at(-1)?.stacktrace?.frames ?? []).toReversed();
  const table = rows
    .map(([name, value]) => `<tr><td>${escapeHtml(name)}<td>${escapeHtml(String(value))}`)
    .join('');
  const places = frames
    .map(
      ({ filename, function: name, lineno }) =>
        `<tr><td>${escapeHtml(String(name ?? '?'))}<td>${escapeHtml(`${filename}:${lineno}`)}`,
    )
    .join('');
  return page(
    title,
    `<p><code>${escapeHtml(culprit)}</code></p><table>${table}</table><h2>Stack</h2><table>${places}</table>`,
  );
}
