import type { Settings } from '#src/core/settings.ts';
import { clamp, defang } from '#src/core/text.ts';
import { withoutSecrets } from '#src/core/without-secrets.ts';
import { askUrl } from './ask-url.ts';

export type SentryIssue = {
  id: string;
  /** `LUCY-1A`, as Sentry’s pages say it. */
  name: string;
  title: string;
  where: string;
  count: number;
  firstAt: number | null;
  lastAt: number | null;
  state: string;
  link: string;
};

export type SentryAnswer =
  | { kind: 'unset'; missing: string[] }
  | { kind: 'issues'; issues: SentryIssue[]; isByTime: boolean; link: string }
  | { kind: 'away'; problem: string };

export type SentryIssues = {
  /** By the ids in the tags, or, without any, whatever there was between two moments (milliseconds). */
  find(question: { ids: readonly string[]; from: number; to: number }): Promise<SentryAnswer>;
};

/** What our errors are tagged with, and what the product’s usually are. */
const tags = ['correlation_id', 'request_id'] as const;
const IDS_MAX = 20;
const ISSUES_MAX = 10;
const TITLE_MAX = 160;

/**
 * `GET /api/0/organizations/{organization}/issues/` (docs.sentry.io/api/events/list-an-organizations-issues). Without
 * `query` Sentry would leave the resolved ones out.
 */
export function createSentryIssues(
  settings: Settings['sentry'],
  access: { apiUrl: string; authToken: string | null },
): SentryIssues {
  const { organization } = settings;
  return {
    async find({ ids, from, to }) {
      if (organization === undefined || access.authToken === null) {
        const missing = [
          ...(organization === undefined ? ['sentry.organization in the settings'] : []),
          ...(access.authToken === null ? ['SENTRY_AUTH_TOKEN'] : []),
        ];
        return { kind: 'unset', missing };
      }
      const known = ids.filter((id) => /^[\w.:-]{1,128}$/.test(id)).slice(0, IDS_MAX);
      const queries = known.length > 0 ? tags.map((tag) => `${tag}:[${known.join(',')}]`) : [''];
      const base = `${access.apiUrl.replace(/\/+$/, '')}`;
      const headers = { authorization: `Bearer ${access.authToken}` };
      const answers = await Promise.all(
        queries.map((query) => {
          const parameters = parametersOf(settings, query, from, to);
          return askUrl(`${base}/api/0/organizations/${organization}/issues/?${parameters}`, 'json', headers);
        }),
      );
      const issues = new Map<string, SentryIssue>();
      for (const answer of answers) {
        if (answer.status === null) return { kind: 'away', problem: withoutSecrets(answer.problem) };
        if (answer.status !== 200 || !Array.isArray(answer.body))
          return { kind: 'away', problem: `it answered ${answer.status}${meaning(answer.status)}` };
        for (const issue of answer.body.flatMap(readIssue)) issues.set(issue.id, issue);
      }
      const link = `${base}/organizations/${organization}/issues/?${parametersOf(settings, queries[0] ?? '', from, to)}`;
      const newest = [...issues.values()].sort((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0));
      return { kind: 'issues', issues: newest.slice(0, ISSUES_MAX), isByTime: known.length === 0, link };
    },
  };
}

function parametersOf(
  settings: Settings['sentry'],
  query: string,
  from: number,
  to: number,
): URLSearchParams {
  const parameters = new URLSearchParams({
    query,
    start: new Date(from).toISOString().slice(0, 19),
    end: new Date(to).toISOString().slice(0, 19),
    limit: String(ISSUES_MAX),
    sort: 'date',
  });
  for (const project of settings.projects) parameters.append('project', String(project));
  if (settings.environment !== undefined) parameters.append('environment', settings.environment);
  return parameters;
}

function meaning(status: number): string {
  if (status === 401 || status === 403)
    return ': SENTRY_AUTH_TOKEN is wrong, or may not read issues (event:read)';
  if (status === 404) return ': it knows no such organization; see sentry.organization';
  return status === 429 ? ': it is asked too often' : '';
}

function readIssue(value: unknown): SentryIssue[] {
  const { id, shortId, title, culprit, permalink, count, firstSeen, lastSeen, status } = (value ??
    {}) as Record<string, unknown>;
  if (id === undefined || typeof permalink !== 'string' || !/^https?:\/\//.test(permalink)) return [];
  return [
    {
      id: String(id),
      name: words(shortId ?? id, 60),
      title: words(title, TITLE_MAX),
      where: words(culprit, TITLE_MAX),
      count: Number(count) || 0,
      firstAt: momentOf(firstSeen),
      lastAt: momentOf(lastSeen),
      state: words(status, 30),
      link: permalink,
    },
  ];
}

function words(value: unknown, max: number): string {
  return typeof value === 'string' ? clamp(defang(withoutSecrets(value)), max) : '';
}

function momentOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
