import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { reportRelease } from '#src/releases/report.ts';
import { type InvestigationWorld, investigationWorld } from '#test/world/investigation-world.ts';
import { idIn, sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';
import { testCause } from '#test/world/test-cause.ts';

type Shown = {
  state: string;
  customer: string | null;
  steps: { step: string; done: boolean; by: string | null; note: string | null }[];
  notes: { by: string; text: string }[];
  found: {
    correlationIds: string[];
    total: number;
    release: { version: string; isSuspect: boolean } | null;
    incidents: { name: string }[];
    log: { kind: string; query?: string; link?: string; lines?: { text: string }[]; problem?: string };
    sentry: { kind: string; issues?: { title: string; link: string; count: number }[]; missing?: string[] };
  };
};

const shown = async ({ lucy }: Pick<InvestigationWorld, 'lucy'>, ticket = 'ZD-812') =>
  (await lucy(`investigation show ${ticket} --json`)).json<Shown>();
const doneOf = ({ steps }: Shown) => steps.filter(({ done }) => done).map(({ step }) => step);

test('a ticket becomes a case: acts, release, incident, log lines and Sentry issues under its correlation id', async () => {
  const world = await investigationWorld();
  const { done, lucy, loki, sentry, reports, clock, database } = world;
  await inTransaction(database, (sql) =>
    reportRelease(sql, testCause(clock.now()), {
      releaseId: 'ci-7',
      version: '4.2.0',
      url: 'https://ci.example/7',
      deployedAt: clock.now() - 10 * MINUTE_MS,
    }),
  );
  await done('incident declare "checkout is down"');
  const granted = await done('credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812');
  const correlationId = idIn(granted, 'cor');
  const line = { level: 'error', event: 'report_failed', msg: 'no report for sofia@firm.com', correlationId };
  loki.push({ at: clock.now(), labels: { app: 'lucy' }, text: JSON.stringify(line) });
  loki.push({ at: clock.now(), labels: { app: 'lucy' }, text: '{"correlationId":"cor_other"}' });
  reports.report({
    level: 'error',
    error: new TypeError('no such row'),
    event: 'report_failed',
    correlationId,
  });
  await reports.flush(5_000);
  for (const event of sentry.events) event.timestamp = clock.now() / 1000;

  const opened = await done('investigate ZD-812');

  expect(opened.out).toContain(
    'The case of ZD-812 is open in #lucy-oncall; 4 things, 1 log line and 1 Sentry issue found.',
  );
  // In the table of what changed, and in the block for the ticket.
  expect(opened.out.match(/\bCase\b/g)).toHaveLength(2);
  expect(opened.out).toContain('investigation show ZD-812');
  const found = await shown(world);
  expect(doneOf(found)).toEqual(['correlate', 'logs']);
  expect(found.found.correlationIds).toEqual([correlationId]);
  expect(found.found.release).toMatchObject({ version: '4.2.0', isSuspect: true });
  expect(found.found.incidents.map(({ name }) => name)).toEqual(['INC-1']);
  expect(found.found.log.lines?.map(({ text }) => text)).toEqual([
    'error · report_failed · no report for [mail]',
  ]);
  expect(found.found.log.query).toBe(`{app="lucy"} |= "${correlationId}" | json`);
  expect(found.found.log.link).toContain(`${loki.url}/explore?`);
  expect(found.found.sentry.issues).toMatchObject([{ title: 'TypeError: no such row', count: 1 }]);
  for (const link of [found.found.log.link, found.found.sentry.issues?.[0]?.link])
    expect(await (await fetch(link ?? '')).text()).toContain(correlationId);
  const typed = await lucy('investigation show ZD-812');
  for (const words of [
    '2 of 4 steps done',
    '✓ 1',
    '☐ 4',
    'Deployed shortly before',
    'INC-1: checkout is down',
  ])
    expect(typed.out).toContain(words);
});

test('a second call shows the case and looks again; what it left behind itself is not evidence', async () => {
  const world = await investigationWorld();
  const { lucy, done, rows } = world;
  await done('investigate ZD-9');
  expect(doneOf(await shown(world, 'ZD-9'))).toEqual([]);

  const preview = await lucy('investigate ZD-9 --dry-run');
  expect(preview.out).toContain('Look into ZD-9 again: its case is open, 0 of 4 steps done?');
  await done('credits grant sofia@firm.com 5 --reason "lost upload" --ticket ZD-9');
  const again = await done('investigate ZD-9');

  expect(again.out).toContain('The case of ZD-9 in #lucy-oncall is up to date; 3 things found.');
  expect(doneOf(await shown(world, 'ZD-9'))).toEqual(['correlate', 'logs']);
  expect(await rows('investigations')).toHaveLength(1);
  // Audited, and its card is one message that is edited.
  expect(await rows('audit_events', { command: 'investigate', ticket: 'ZD-9' })).toHaveLength(2);
  expect(await world.database.knex('cards').where('key', 'like', 'investigation:%')).toHaveLength(1);
});

test('by request id and by customer and time; without a correlation id the log stays closed and DevOps is named', async () => {
  const world = await investigationWorld();
  const { done, loki, clock, lucy } = world;
  loki.push({ at: clock.now(), labels: { app: 'lucy' }, text: 'POST /api/reports 500 req-8f14 took 31 s' });

  const first = await done('investigate ZD-1 --request req-8f14');
  expect(first.out).toContain('1 log line found.');
  expect((await lucy('investigation show ZD-1')).out).toContain(
    'Nothing of it came as far as Lucy; below: 1 log line.',
  );
  const byTicket = await lucy('trace ZD-1');
  expect(byTicket.out).toContain('POST /api/reports 500 req-8f14 took 31 s');
  const byRequest = await lucy('trace req-8f14');
  expect(byRequest.out).toMatch(/req-8f14 leads to \d things? and 1 log line/);
  expect(byRequest.out).toContain('began to investigate ZD-1');
  await done('investigate ZD-2 --email sofia@firm.com --around 10:00 --window 2h');
  await done('investigate ZD-3');

  const [one, two, three] = [
    await shown(world, 'ZD-1'),
    await shown(world, 'ZD-2'),
    await shown(world, 'ZD-3'),
  ];
  expect(one.found.log.lines?.map(({ text }) => text)).toEqual(['POST /api/reports 500 req-8f14 took 31 s']);
  expect(doneOf(one)).toEqual(['correlate', 'logs']);
  expect(two).toMatchObject({ customer: 'sofia@firm.com' });
  expect(two.found.total).toBeGreaterThan(0);
  expect(three.found).toMatchObject({ total: 0, log: { kind: 'unasked' }, sentry: { kind: 'unasked' } });
  expect((await lucy('investigation show ZD-3')).out).toContain('DevOps is to know');
  expect((await lucy('investigation list')).out).toContain('3 investigations are open.');
});

test('the log index or Sentry being away: the case opens all the same, says so, and ticks nothing', async () => {
  const world = await investigationWorld();
  const { done, loki, sentry, lucy } = world;
  loki.down(true);
  sentry.down(true);

  await done('investigate ZD-4 --request req-8f14');

  const found = await shown(world, 'ZD-4');
  expect(doneOf(found)).toEqual(['correlate']);
  expect(found.found.log).toMatchObject({ kind: 'away', query: '{app="lucy"} |= "req-8f14" | json' });
  const typed = await lucy('investigation show ZD-4');
  expect(typed.out).toContain('The log index did not answer.');
  expect(typed.out).toContain('Sentry did not answer');
  loki.down(false);
  sentry.down(false);
  await done('investigate ZD-4');
  expect(doneOf(await shown(world, 'ZD-4'))).toEqual(['correlate', 'logs']);
});

test('where nothing is set up, the case says which settings and variables are missing', async () => {
  const world = await sofiaWorld();
  await world.done('investigate ZD-5 --request req-0001');

  const typed = await world.lucy('investigation show ZD-5');
  expect(typed.out).toContain('set log_index.loki or log_index.link');
  expect(typed.out).toContain('set sentry.organization in the settings and SENTRY_AUTH_TOKEN');
});

test('a case closes with the patch and the regression test, or saying why no code has to change', async () => {
  const world = await investigationWorld();
  const { lucy, done } = world;
  await done('investigate ZD-812 --request req-0001');

  const early = await lucy('investigation close ZD-812 --reason "done" --yes');
  expect(early.code).toBe(1);
  expect(early.err).toContain('cannot be closed: the patch and the regression test are not linked.');
  await done('investigation link ZD-812 --patch https://git.example/pull/7');
  const half = await lucy('investigation close ZD-812 --reason "done" --yes');
  expect(half.err).toContain('cannot be closed: the regression test is not linked.');
  expect((await lucy('investigation show ZD-812')).out).toContain(
    'It can be closed when the regression test is linked.',
  );
  await done('investigation link ZD-812 --test https://git.example/pull/7/files');
  expect((await lucy('investigation show ZD-812')).out).toContain(
    'It can be closed now; step 3 is not done.',
  );
  await done('investigation step ZD-812 reproduce "two lines with one email"');
  await done('investigation note ZD-812 "the second line wins"');

  const closed = await done('investigation close ZD-812 --reason "shipped in 4.2.1"');

  expect(closed.out).toContain('The case of ZD-812 is closed.');
  const found = await shown(world);
  expect(found.state).toBe('closed');
  expect(doneOf(found)).toEqual(['correlate', 'logs', 'reproduce', 'patch']);
  expect(found.steps[2]).toMatchObject({ by: 'terminal:admin', note: 'two lines with one email' });
  expect(found.notes).toMatchObject([{ by: 'terminal:admin', text: 'the second line wins' }]);
  for (const line of ['note ZD-812 more', 'link ZD-812 --patch https://a.example', 'step ZD-812 logs read']) {
    const refused = await lucy(`investigation ${line} --yes`);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('terminal:admin closed the case of ZD-812');
  }

  await done('investigate ZD-812');
  expect((await shown(world)).state).toBe('open');
  await done('investigate ZD-6');
  await done('investigation close ZD-6 --no-change --reason "the file was empty"');
  expect((await lucy('investigation list')).out).toContain('(no code change): the file was empty');
});

test('a tick by hand is taken back by undo, and a step that is ticked is not ticked twice', async () => {
  const world = await investigationWorld();
  const { lucy, done } = world;
  await done('investigate ZD-812');
  const ticked = await done('investigation step ZD-812 reproduce "on staging"');

  expect((await lucy('investigation step ZD-812 reproduce again --yes')).err).toContain(
    'ticked this already',
  );
  await done(`undo ${idIn(ticked, 'run')} --reason "another bug"`);
  expect(doneOf(await shown(world))).toEqual([]);
  expect((await lucy('investigation step ZD-812 reproduce x --open --yes')).err).toContain('is not ticked');
});

test('the playbook’s checklist of the same ticket ticks itself from the case', async () => {
  const world = await investigationWorld();
  const { done, lucy } = world;
  await done('investigate ZD-812 --request req-0001');
  const started = await done('runbook start bug-investigation --ticket ZD-812');

  expect((await lucy(`runbook show ${idIn(started, 'rbk')}`)).out).toContain('2 of 4 steps done');
});

test.each([
  ['investigate', 2, 'A ticket has letters'],
  ['investigate "two words"', 2, 'A ticket has letters'],
  ['investigate ZD-1 --email sofia@firm.com', 2, 'Say about when it happened'],
  ['investigate ZD-1 --around 10:00', 2, 'A time says nothing without a customer'],
  ['investigate ZD-1 --email sofia@firm.com --around noon', 2, 'is no time'],
  ['investigate ZD-1 --request error', 2, 'A request ID has 8 to 128'],
  ['investigate ZD-1 --request e1', 2, 'A request ID has 8 to 128'],
  ['investigate ZD-1 --email max@firm.com --around 10:00', 5, 'There is no customer max@firm.com'],
  ['investigation show ZD-1', 5, 'Nobody investigates ZD-1 yet'],
  ['investigation close ZD-1 --reason done', 5, 'Nobody investigates ZD-1 yet'],
  ['investigation link ZD-1 --patch javascript:alert(1)', 2, 'http or https'],
  ['investigation link ZD-1 --patch https://me:secret@git.example/1', 2, 'without a user and a password'],
  ['investigation step ZD-1 patch "it is there"', 2, 'Choose one of correlate, logs, reproduce'],
])('“%s” exits %i with a sentence', async (line, code, sentence) => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy(`${line} --yes`);

  expect(typed.code).toBe(code);
  expect(typed.err).toContain(sentence);
});

test('whoever has a role may investigate; somebody without one is refused, and that is audited', async () => {
  const { lucy, rows } = await sofiaWorld();

  expect((await lucy('investigate ZD-812 --yes', staff('support'))).code).toBe(0);
  expect((await lucy('investigate ZD-813 --yes', staff())).code).toBe(3);
  expect(await rows('audit_events', { outcome: 'refused', command: 'investigate' })).toHaveLength(1);
});

test('two who begin at once have one case', async () => {
  const world = await investigationWorld();
  const codes = await Promise.all(
    [staff('support'), staff('oncall'), staff('billing')].map(
      async (actor) => (await world.lucy('investigate ZD-7 --yes', actor)).code,
    ),
  );

  expect(codes.filter((code) => code === 0).length).toBeGreaterThan(0);
  expect(await world.rows('investigations')).toHaveLength(1);
});
