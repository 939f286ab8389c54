import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { readPermalink } from '#src/diagnosis/follow-things.ts';
import { idKinds } from '#src/diagnosis/id-kinds.ts';
import { thingKinds } from '#src/diagnosis/things.ts';
import { reportRelease } from '#src/releases/report.ts';
import { investigationWorld } from '#test/world/investigation-world.ts';
import { idIn, sofiaWorld } from '#test/world/sofia-world.ts';
import { testCause } from '#test/world/test-cause.ts';

type Traced = {
  timeline: { kind: string; sentence: string }[];
  elsewhere: { log: { kind: string; lines?: { text: string }[]; changes?: { link: string | null } } };
};

test('incident, release, escalation, runbook, suggestion, override, message and case: each id leads to what it is', async () => {
  const world = await sofiaWorld();
  const { done, lucy, clock, database, rows } = world;
  await inTransaction(database, (sql) =>
    reportRelease(
      sql,
      { ...testCause(clock.now()), correlationId: 'req-of-ci' },
      {
        releaseId: 'ci-1',
        version: '4.2.0',
        url: null,
        deployedAt: clock.now(),
      },
    ),
  );
  await done('incident declare "checkout is down"');
  await done('incident note "the queue is full"');
  await done('escalate devops --about "logs are missing" --ticket ZD-1');
  await done('runbook start disputes --ticket ZD-1');
  await done('runbook suggest disputes "ask for the delivery note first" --ticket ZD-1');
  await done('tier set sofia@firm.com pro --reason "a trial" --ticket ZD-2');
  await done('investigate ZD-1');
  const idOf = async (table: string) => String((await rows(table)).at(-1)?.id);

  const expected: [id: string, words: string][] = [
    ['INC-1', 'terminal:admin declared INC-1: checkout is down'],
    ['inc-1', 'the queue is full'],
    [await idOf('incidents'), 'the queue is full'],
    [await idOf('incident_entries'), 'declared INC-1'],
    [await idOf('releases'), 'Version 4.2.0 was deployed'],
    ['req-of-ci', 'Version 4.2.0 was deployed'],
    [await idOf('escalations'), 'handed “logs are missing” to devops'],
    [await idOf('runbook_runs'), 'started the runbook disputes'],
    [await idOf('runbook_suggestions'), 'ask for the delivery note first'],
    [await idOf('overrides'), 'ran “tier set”: a trial, ZD-2'],
    [await idOf('outbox'), 'A message to'],
    [await idOf('investigations'), 'began to investigate ZD-1'],
    [await idOf('customers'), 'ran “customer add”'],
  ];
  for (const [id, words] of expected) {
    const typed = await lucy(`trace ${id}`);
    expect(typed.out + typed.err, id).toContain(words);
  }
  const { timeline } = (await lucy('trace ZD-1 --json')).json<Traced>();
  expect(new Set(timeline.map(({ kind }) => kind))).toEqual(
    new Set([
      'audit',
      'message',
      'investigation',
      'escalation',
      'runbook that somebody works through',
      'suggestion for a runbook',
    ]),
  );
});

test('every kind of id: an unknown one of it is answered with what it looks like and what Lucy knows', async () => {
  const { lucy } = await sofiaWorld();

  for (const { prefix, means } of idKinds) {
    const typed = await lucy(`trace ${prefix}01jd2n8t1k5wq7x3e9r4aaaaaa`);
    expect(typed.code, prefix).toBe(5);
    expect(typed.err, prefix).toContain(means);
    expect(typed.err).toContain('What else it takes: lucy help trace');
  }
  expect((await lucy('trace INC-99')).code).toBe(5);
  expect(thingKinds.length).toBeGreaterThan(20);
});

test('a link to a message in Slack leads to what it shows', async () => {
  const { done, lucy, database, rows } = await sofiaWorld();
  const granted = await done('credits grant sofia@firm.com 5 --reason "lost upload"');
  await done('incident declare "checkout is down"');
  const place = { sent_channel: 'C0LUCY001', sent_ts: '1763715600.000100' };
  const correlationId = idIn(granted, 'cor');
  await database
    .knex('outbox')
    .where({ correlation_id: correlationId })
    .update({ state: 'sent', ...place });
  const [card] = await rows<{ key: string }>('outbox', {}).then(() =>
    database.knex('cards').where('key', 'like', 'incident:%'),
  );
  await database
    .knex('cards')
    .where({ key: card.key })
    .update({ channel: 'C0LUCY001', ts: '1763715601.000200' });

  const message = await lucy('trace https://acme.slack.com/archives/C0LUCY001/p1763715600000100');
  const shown = await lucy(
    'trace https://acme.slack.com/archives/C0LUCY001/p1763715601000200?thread_ts=1.2&cid=C1',
  );
  const nothing = await lucy('trace https://acme.slack.com/archives/C0LUCY001/p1763715609000200');

  expect(message.out).toContain('5 credits granted');
  expect(shown.out).toContain('declared INC-1');
  expect(nothing.code).toBe(5);
  for (const odd of [
    'https://evil.example/archives/C0/p1763715600000100',
    'https://a.slack.com.evil.example/archives/C1/p1763715600000100',
  ])
    expect(readPermalink(odd)).toBeNull();
});

test('more lines than are shown: the changes of tier and access alone are one click away', async () => {
  const { lucy, loki, clock } = await investigationWorld();
  const push = (text: string) => loki.push({ at: clock.now(), labels: { app: 'lucy' }, text });
  push('{"event":"entitlement_change","correlationId":"req-many-lines-1"}');
  expect((await lucy('trace req-many-lines-1')).out).not.toContain('Only the changes');
  for (let line = 0; line < 12; line++)
    push(`{"event":"http","correlationId":"req-many-lines-1","n":${line}}`);

  const { out } = await lucy('trace req-many-lines-1');
  expect(out).toContain('1 more line.');
  const { elsewhere } = (await lucy('trace req-many-lines-1 --json')).json<Traced>();
  const link = elsewhere.log.changes?.link ?? '';
  expect(out.split('\n').find((line) => line.includes('Only the changes of tier'))).toContain(link);
  expect(JSON.parse(new URL(link).searchParams.get('panes') ?? '')).toMatchObject({
    lucy: { queries: [{ expr: '{app="lucy"} |= "req-many-lines-1" | json | event="entitlement_change"' }] },
  });
});

test('an X-Request-ID that only the log knows is an answer; the log being away is said, and the trail is shown', async () => {
  const { lucy, loki, done, clock, sentry } = await investigationWorld();
  loki.push({ at: clock.now(), labels: { app: 'lucy' }, text: 'POST /api/reports 500 req-only-here-1' });

  const found = await lucy('trace req-only-here-1');
  expect(found.code).toBe(0);
  expect(found.out).toContain('req-only-here-1 leads to 1 log line.');
  expect(found.out).toContain('POST /api/reports 500 req-only-here-1');
  expect((await lucy('trace req-nowhere')).code).toBe(5);

  const granted = await done('credits grant sofia@firm.com 5 --reason "lost upload" --ticket ZD-5');
  loki.push({
    at: clock.now(),
    labels: { app: 'lucy' },
    text: JSON.stringify({ level: 'info', event: 'entitlement_change', correlationId: idIn(granted, 'cor') }),
  });
  const traced = (await lucy('trace ZD-5 --json')).json<Traced>();
  expect(traced.elsewhere.log.lines?.map(({ text }) => text)).toEqual(['info · entitlement_change']);
  loki.down(true);
  sentry.down(true);
  const away = await lucy('trace ZD-5');
  expect(away.code).toBe(0);
  expect(away.out).toContain('The log index could not be read');
  expect(away.out).toContain('Only the changes of tier and access: ');
  expect(away.out).toContain('5 credits granted');
});
