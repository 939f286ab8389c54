import { expect, onTestFinished, test } from 'vitest';
import { startLocalSentry } from '#sandbox/observability/local-sentry.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { createSentryIssues } from '#src/gateways/sentry-issues.ts';

const at = Date.parse('2026-11-21T09:00:00Z');
const span = { from: at - 60_000, to: at + 60_000 };
const settings = settingsSchema.parse({ sentry: { organization: 'acme', projects: [1, 2] } }).sentry;

async function sentryWorld() {
  const sentry = await startLocalSentry({ authToken: 'right', organization: 'acme' });
  onTestFinished(() => sentry.close());
  const thrown = (value: string, tags: Record<string, string>, line: number) =>
    void sentry.events.push({
      event_id: String(line),
      timestamp: at / 1000,
      tags,
      exception: {
        values: [{ type: 'Error', value, stacktrace: { frames: [{ filename: 'app.ts', lineno: line }] } }],
      },
    });
  thrown('no row for sofia@firm.com', { correlation_id: 'cor_1' }, 1);
  thrown('the product failed', { request_id: 'cor_1' }, 2);
  thrown('of somebody else', { correlation_id: 'cor_2' }, 3);
  const find = (ids: string[], authToken: string | null = 'right', using = settings) =>
    createSentryIssues(using, { apiUrl: `${sentry.url}/`, authToken }).find({ ids, ...span });
  return { sentry, find };
}

test('issues by either tag, once each, scrubbed, with their links; by time where no id is known', async () => {
  const { find, sentry } = await sentryWorld();

  const byId = await find(['cor_1']);
  const byTime = await find([]);
  const odd = await find(['x] OR is:resolved', '*']);

  expect(byId).toMatchObject({
    kind: 'issues',
    isByTime: false,
    issues: [{ title: 'Error: no row for [mail]', count: 1 }, { title: 'Error: the product failed' }],
  });
  expect(byId.kind === 'issues' && byId.issues[0]?.link.startsWith(sentry.url)).toBe(true);
  expect(byTime).toMatchObject({ isByTime: true, issues: { length: 3 } });
  // What is no id is never put into the query.
  expect(odd).toMatchObject({ isByTime: true });
});

test('not set up, refused, unknown or away: each is said with what to do', async () => {
  const { find, sentry } = await sentryWorld();
  const none = settingsSchema.parse({}).sentry;

  expect(await find(['cor_1'], null, none)).toEqual({
    kind: 'unset',
    missing: ['sentry.organization in the settings', 'SENTRY_AUTH_TOKEN'],
  });
  expect(await find(['cor_1'], 'wrong')).toMatchObject({
    kind: 'away',
    problem: 'it answered 401: SENTRY_AUTH_TOKEN is wrong, or may not read issues (event:read)',
  });
  expect(await find(['cor_1'], 'right', { ...settings, organization: 'others' })).toMatchObject({
    problem: 'it answered 404: it knows no such organization; see sentry.organization',
  });
  sentry.down(true);
  expect(await find(['cor_1'])).toMatchObject({ kind: 'away' });
});
