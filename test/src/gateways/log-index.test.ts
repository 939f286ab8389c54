import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalLoki } from '#sandbox/observability/local-loki.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { createLogIndex } from '#src/gateways/log-index.ts';
import { changesQl, logLink, logQl } from '#src/gateways/log-query.ts';

const from = Date.parse('2026-11-21T09:00:00Z');
const to = from + 3_600_000;
const noSecret = { token: null, user: null };
const settingsOf = (log_index: Record<string, unknown>) => settingsSchema.parse({ log_index }).log_index;

async function lokiWorld(options: { token?: string; tenant?: string } = {}) {
  const loki = await startLocalLoki(options);
  onTestFinished(() => loki.close());
  const push = (text: string, labels: Record<string, string> = { app: 'lucy' }, at = from + 1_000) =>
    loki.push({ at, labels, text });
  return { loki, push };
}

async function answering(status: number, body: string, onAsked = (_path: string, _auth: string) => {}) {
  const server = createServer((request, response) => {
    onAsked(request.url ?? '', String(request.headers.authorization));
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

test('lines with the id, of the selected streams and the span, oldest first, short and without addresses or keys', async () => {
  const { loki, push } = await lokiWorld();
  push(
    '{"level":"info","event":"entitlement_change","action":"subscription_updated","correlationId":"cor_1"}',
  );
  push('plain line of cor_1 for sofia@firm.com with Bearer abcdefghijkl', { app: 'lucy' }, from);
  push(`cor_1 ${'x'.repeat(5_000)}`, { app: 'lucy' }, from + 2_000);
  push('cor_1 of another program', { app: 'other' });
  push('cor_1 too early', { app: 'lucy' }, from - 1);
  const index = createLogIndex(settingsOf({ loki: loki.url }), noSecret);

  const answer = await index.read({ ids: ['cor_1'], from, to });

  const lines = answer.kind === 'lines' ? answer.lines : [];
  expect(lines.map(({ text }) => text.slice(0, 60))).toEqual([
    'plain line of cor_1 for [mail] with Bearer [secret]',
    'info · entitlement_change · subscription_updated',
    `cor_1 ${'x'.repeat(54)}`,
  ]);
  expect(lines[2]?.text.length).toBeLessThanOrEqual(400);
});

test.each([
  'cor_1" or {app="other',
  'cor_1" | line_format "{{.secret}}',
  'a`b',
  'back\\slash',
  'new\nline',
  '.*',
  '(',
  'cor_\u{1F600}\ud800',
])('what is typed as an id cannot leave its string: %j', async (id) => {
  const { loki, push } = await lokiWorld();
  push('cor_1 secret of another', { app: 'other' });
  push('cor_1 and more', { app: 'lucy' });
  push(`exactly ${id.toWellFormed()} here`);
  const index = createLogIndex(settingsOf({ loki: loki.url }), noSecret);

  for (const ids of [[id], [id, 'cor_nothing']]) {
    const answer = await index.read({ ids, from, to });
    const lines = answer.kind === 'lines' ? answer.lines.map(({ text }) => text) : [answer.kind];
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('exactly');
  }
});

test('the token and the tenant are sent; a wrong one is told as such', async () => {
  const { loki, push } = await lokiWorld({ token: 'right', tenant: 'acme' });
  push('cor_1');
  const read = (tenant: string, token: string) =>
    createLogIndex(settingsOf({ loki: loki.url, tenant }), { token, user: null }).read({
      ids: ['cor_1'],
      from,
      to,
    });

  expect(await read('acme', 'right')).toMatchObject({ kind: 'lines', isCut: false });
  for (const wrong of [await read('acme', 'wrong'), await read('others', 'right')])
    expect(wrong).toMatchObject({
      kind: 'away',
      problem: 'it answered 401: LOG_INDEX_TOKEN or log_index.tenant is wrong',
    });
  let sent = '';
  const url = await answering(200, '{}', (_path, authorization) => {
    sent = authorization;
  });
  await createLogIndex(settingsOf({ loki: url }), { token: 'pass', user: '1234' }).read({
    ids: ['x'],
    from,
    to,
  });
  expect(sent).toBe(`Basic ${Buffer.from('1234:pass').toString('base64')}`);
});

test('more than the limit is said to be more; an answer that is none, too long or broken is “away”', async () => {
  const { loki, push } = await lokiWorld();
  for (let count = 0; count < 5; count++) push(`cor_1 ${count}`);
  const few = await createLogIndex(settingsOf({ loki: loki.url, lines: 3 }), noSecret).read({
    ids: ['cor_1'],
    from,
    to,
  });
  expect(few).toMatchObject({ kind: 'lines', isCut: true, lines: { length: 3 } });

  const odd = ['{"data":{"resultType":"matrix","result":[]}}', 'no JSON', '[]', `"${'x'.repeat(600_000)}"`];
  for (const body of odd) {
    const url = await answering(200, body);
    const answer = await createLogIndex(settingsOf({ loki: url }), noSecret).read({
      ids: ['cor_1'],
      from,
      to,
    });
    expect(answer.kind, body.slice(0, 50)).toBe('away');
  }
  const gone = await createLogIndex(settingsOf({ loki: 'http://127.0.0.1:9' }), noSecret).read({
    ids: ['cor_1'],
    from,
    to,
  });
  expect(gone).toMatchObject({ kind: 'away', query: '{app="lucy"} |= "cor_1" | json' });
});

test('another index gets a link, with the ids and both moments encoded; the history of changes has its own query', async () => {
  const settings = settingsOf({
    link: 'https://kibana.example/app/discover#/?q={query}&from={from_iso}&to={to_iso}&ms={from}-{to}',
  });
  const answer = await createLogIndex(settings, noSecret).read({ ids: ['cor_1', 'a"&b'], from, to });

  expect(answer).toEqual({
    kind: 'link',
    query: '"cor_1" OR "a\\"&b"',
    link: `https://kibana.example/app/discover#/?q=${encodeURIComponent('"cor_1" OR "a\\"&b"')}&from=2026-11-21T09%3A00%3A00.000Z&to=2026-11-21T10%3A00%3A00.000Z&ms=${from}-${to}`,
  });
  expect(await createLogIndex(settingsOf({}), noSecret).read({ ids: ['x'], from, to })).toEqual({
    kind: 'unset',
  });
  const loki = settingsOf({
    loki: 'https://l.example',
    grafana: { url: 'https://g.example/', datasource: 'uid1' },
  });
  expect(changesQl(loki, ['cor_1'])).toBe('{app="lucy"} |= "cor_1" | json | event="entitlement_change"');
  expect(logQl(loki, ['cor_1', 'a.b'])).toBe('{app="lucy"} |~ "cor_1|a\\\\.b" | json');
  const link = new URL(logLink(loki, { ids: ['cor_1'], from, to }) ?? '');
  expect(link.origin + link.pathname).toBe('https://g.example/explore');
  expect(JSON.parse(link.searchParams.get('panes') ?? '')).toMatchObject({
    lucy: {
      datasource: 'uid1',
      queries: [{ expr: '{app="lucy"} |= "cor_1" | json' }],
      range: { from: String(from) },
    },
  });
});

test.each([
  [{ selector: '{app="lucy"} |= "x"' }],
  [{ selector: 'lucy' }],
  [{ link: 'https://kibana.example/without' }],
  [{ link: 'javascript:{query}' }],
  [{ loki: 'https://me:secret@loki.example' }],
  [{ lines: 100_000 }],
])('settings that cannot be meant are refused: %j', (log_index) => {
  expect(settingsSchema.safeParse({ log_index }).success).toBe(false);
});
