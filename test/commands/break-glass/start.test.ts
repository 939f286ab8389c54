import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { raiseFinding } from '#src/findings/open.ts';
import { ada, bigGrant, castOfGlass, glassWorld, minutes, olu, startLine } from '#test/world/glass-world.ts';
import { idIn } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';
import { testCause } from '#test/world/test-cause.ts';

const WAITING = 4;

test('the preview says what it allows, who is told and that it is reviewed; nothing happens yet', async () => {
  const { type, glasses } = await glassWorld();

  const preview = await type('olu', `${startLine('30m')} --dry-run`);

  expect(preview.out).toContain('Break the glass for 30 minutes?');
  expect(preview.out).toContain('goes through with your click alone');
  expect(preview.out).toContain('#lucy-approvals, #lucy-oncall and Ada are told at once');
  expect(preview.out).toContain('somebody else reviews it afterwards');
  expect(await glasses()).toEqual([]);
});

test('it is open, written down and announced to the owners, in one transaction', async () => {
  const { type, glasses, told, database, logs } = await glassWorld();

  const typed = await type('olu', startLine('30m'));

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('The glass is broken until 09:30 UTC.');
  const glass = idIn(typed, 'glass');
  expect(await glasses()).toMatchObject([
    {
      id: glass,
      person: 'olu',
      actor_id: 'terminal:olu',
      reason: 'customers are locked out',
      ticket: 'INC-7',
      started_at: Date.UTC(2026, 10, 21, 9),
      ends_at: Date.UTC(2026, 10, 21, 9, 30),
      ended_at: null,
      reviewed_at: null,
    },
  ]);
  for (const target of ['approvals', 'oncall', ada]) {
    expect(await told(target), target).toMatchObject([
      {
        title: 'Olu broke the glass until 09:30 UTC: what needs a second person goes through without one.',
        facts: expect.arrayContaining([{ label: 'Why', value: 'customers are locked out' }]),
        buttons: [{ label: 'End it', line: `break-glass end ${glass}` }],
      },
    ]);
  }
  expect(await told(olu)).toEqual([]);
  expect(
    await database.knex('outbox').where({ target: 'entitlements' }).where('payload', 'like', '%glass%'),
  ).toEqual([]);
  expect(await database.knex('audit_events').where({ command: 'break-glass start' })).toMatchObject([
    { outcome: 'done', person: 'olu', ticket: 'INC-7', correlation_id: idIn(typed, 'cor') },
  ]);
  expect(logs).toContainEqual(
    expect.objectContaining({ event: 'break_glass', action: 'break_glass_started', glass }),
  );
});

test('a channel that Lucy’s messages do not reach does not forbid it, and the preview says so', async () => {
  const { type, database, told } = await glassWorld();
  await inTransaction(database, (sql) =>
    raiseFinding(sql, testCause(), {
      kind: 'message_undelivered',
      subject: '#lucy-oncall',
      customerId: null,
      summary: 'Messages to #lucy-oncall do not arrive.',
      hint: 'Type /invite @lucy in #lucy-oncall.',
      evidence: null,
      tell: null,
    }),
  );

  const preview = await type('olu', `${startLine('30m')} --dry-run`);
  const typed = await type('olu', startLine('30m'));

  expect(preview.out).toContain('Lucy’s messages to #lucy-oncall do not arrive now');
  expect(preview.out).not.toContain('messages to #lucy-approvals do not');
  expect(typed.code).toBe(0);
  expect(await told('oncall')).toHaveLength(1);
});

test('owners of a user group are called by their group, when it begins', async () => {
  const settings = castOfGlass({ roles: { admin: { groups: ['S0ADMINS01'] } } });
  const { broken, told, type } = await glassWorld(settings);

  await broken();
  await type('olu', 'break-glass end --reason "done"');

  const mentioned = { groups: ['S0ADMINS01'] };
  for (const target of ['approvals', 'oncall'])
    expect(
      (await told(target)).map((reply) => reply.mentions),
      target,
    ).toEqual([mentioned, undefined]);
});

test('under it what needs a second person goes through at once, and the audit says so', async () => {
  const { type, broken, database } = await glassWorld();
  expect((await type('olu', bigGrant)).code).toBe(WAITING);
  const glass = await broken();

  const preview = await type('olu', `${bigGrant} --dry-run`);
  const typed = await type('olu', bigGrant);

  const notice =
    'Break-glass by Olu until 09:30 UTC: this goes through without a second person and will be reviewed.';
  expect(preview.out).toContain(notice);
  expect(typed.code).toBe(0);
  expect(typed.out).toContain(glass.id);
  expect(await database.knex('audit_events').where({ break_glass: glass.id })).toMatchObject([
    { command: 'credits grant', outcome: 'done', person: 'olu' },
  ]);
});

test('it is for its own person only', async () => {
  const { type, broken } = await glassWorld();

  await broken('olu');

  expect((await type('bea', bigGrant)).code).toBe(WAITING);
});

test('what needed nobody else anyway is not marked', async () => {
  const { type, broken, database } = await glassWorld();
  await broken();

  await type('olu', 'credits grant sofia@firm.com 5 --reason "outage"');

  expect(await database.knex('audit_events').where({ command: 'credits grant' })).toMatchObject([
    { break_glass: null },
  ]);
});

test('what policy keeps from it waits all the same', async () => {
  const policy = {
    'credits grant': { roles: ['oncall'], break_glass: false, steps: [{ approvers: { role: 'billing' } }] },
  };
  const { type, broken } = await glassWorld(castOfGlass({ policy }));
  await broken();

  expect((await type('olu', bigGrant)).code).toBe(WAITING);
});

test('it is over to the millisecond, with nothing running that would notice', async () => {
  const { type, broken, clock, glasses } = await glassWorld();
  const { ends_at: endsAt } = await broken();

  clock.set(endsAt - 1);
  expect((await type('olu', bigGrant)).code).toBe(0);
  clock.set(endsAt);
  expect((await type('olu', bigGrant)).code).toBe(WAITING);

  expect(await glasses()).toMatchObject([{ ended_at: null }]);
});

test('twice is refused with when it ends', async () => {
  const { type, broken, clock, glasses, told } = await glassWorld();
  const glass = await broken();
  clock.advance(minutes(10));

  const again = await type('olu', startLine('60m'));

  expect(again.code).toBe(1);
  expect(again.err).toContain(
    'You broke the glass at 09:00 UTC already, and it holds until 09:30 UTC; nothing was changed.',
  );
  expect(again.err).toContain(`break-glass end ${glass.id}`);
  expect(await glasses()).toHaveLength(1);
  expect(await told('approvals')).toHaveLength(1);
});

test('the same key is one act', async () => {
  const { type, glasses, told } = await glassWorld();
  const line = `${startLine('30m')} --idempotency-key night-1`;

  await type('olu', line);
  const again = await type('olu', line);

  expect(again.out).toContain('This was already done');
  expect(await glasses()).toHaveLength(1);
  expect(await told('approvals')).toHaveLength(1);
});

test('of several starts at once one is, and the others are told when it ends', async () => {
  const { type, glasses, told } = await glassWorld();

  const typed = await Promise.all(['10m', '20m', '30m'].map((span) => type('olu', startLine(span))));

  expect(typed.filter(({ code }) => code === 0)).toHaveLength(1);
  for (const refused of typed.filter(({ code }) => code !== 0))
    expect(refused.err).toMatch(/You broke the glass at 09:00 UTC already, and it holds until 09:[123]0 UTC/);
  expect(await glasses()).toHaveLength(1);
  expect(await told('oncall')).toHaveLength(1);
});

test('after it is over a new one starts, and the earlier is ended in the schedule’s name, where nobody had noticed', async () => {
  const { broken, clock, glasses, told, database } = await glassWorld();
  const first = await broken();
  clock.set(first.ends_at);

  const second = await broken();

  expect(await glasses()).toMatchObject([
    { id: first.id, ended_at: first.ends_at, ended_by: null },
    { id: second.id, ended_at: null },
  ]);
  expect((await told('approvals')).map((reply) => reply.title)).toEqual([
    'Olu broke the glass until 09:30 UTC: what needs a second person goes through without one.',
    'The break-glass by Olu is over since 09:30 UTC: nothing was done under it, and it waits for a review.',
    'Olu broke the glass until 10:00 UTC: what needs a second person goes through without one.',
  ]);
  expect(await database.knex('audit_events').where({ command: 'timer glass_end' })).toMatchObject([
    { person: 'schedule', correlation_id: first.correlation_id },
  ]);
});

test.each([
  ['0m', 'A break-glass lasts one minute at least.'],
  ['59s', 'A break-glass lasts one minute at least.'],
  ['61m', 'A break-glass lasts 60 minutes at most.'],
  ['2h', 'A break-glass lasts 60 minutes at most.'],
  ['soon', '“soon” is no span of time.'],
  ['30', '“30” is no span of time.'],
  ['1.5m', '“1.5m” is no span of time.'],
])('for %s is refused with a sentence', async (span, sentence) => {
  const { type, glasses } = await glassWorld();

  const typed = await type('olu', startLine(span));

  expect(typed.code).toBe(2);
  expect(typed.err).toContain(sentence);
  expect(typed.err).toContain('Give minutes, such as 30m; at most 60m.');
  expect(await glasses()).toEqual([]);
});

test.each(['--for -5m', '--for=-5m', '--for'])('%s breaks nothing', async (flag) => {
  const { type, glasses } = await glassWorld();

  const typed = await type('olu', `break-glass start --reason "locked out" --ticket INC-7 ${flag}`);

  expect(typed.code).toBe(2);
  expect(await glasses()).toEqual([]);
});

test('a minute and an hour are both allowed', async () => {
  const { broken } = await glassWorld();

  const shortest = await broken('olu', '1m');
  const longest = await broken('ada', '60m');

  expect(shortest.ends_at - shortest.started_at).toBe(minutes(1));
  expect(longest.ends_at - longest.started_at).toBe(minutes(60));
});

test('without a span it lasts as long as the settings say, and is told where they say', async () => {
  const settings = castOfGlass({ break_glass: { minutes: 15, tell: 'billing' } });
  const { type, glasses, told } = await glassWorld(settings);

  await type('olu', 'break-glass start --reason "locked out" --ticket INC-7');

  expect(await glasses()).toMatchObject([{ ends_at: Date.UTC(2026, 10, 21, 9, 15) }]);
  expect(await told('billing')).toHaveLength(1);
  expect(await told('oncall')).toHaveLength(1);
  expect(await told('approvals')).toEqual([]);
});

test('without a ticket or without a reason nothing is broken', async () => {
  const { type, glasses } = await glassWorld();

  const ticketless = await type('olu', 'break-glass start --reason "locked out"');
  const reasonless = await type('olu', 'break-glass start --ticket INC-7');

  expect(ticketless.code).toBe(2);
  expect(ticketless.err).toContain('--ticket is missing: Give the ticket.');
  expect(reasonless.code).toBe(2);
  expect(await glasses()).toEqual([]);
});

test('who has not the role is refused, and the refusal is in the audit', async () => {
  const { type, glasses, told, database } = await glassWorld();

  const typed = await type('sam', startLine('30m'));

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('Breaking the glass needs the role oncall or admin, and you have support.');
  expect(await glasses()).toEqual([]);
  expect(await told('approvals')).toEqual([]);
  expect(await database.knex('audit_events').where({ outcome: 'refused' })).toMatchObject([
    { command: 'break-glass start', person: 'sam' },
  ]);
});

test('the settings name the roles, and none of them forbids it to everybody', async () => {
  const open = await glassWorld(castOfGlass({ break_glass: { roles: ['support'] } }));
  const closed = await glassWorld(castOfGlass({ break_glass: { roles: [] } }));

  expect((await open.type('sam', startLine('30m'))).code).toBe(0);
  expect((await open.type('ada', startLine('30m'))).code).toBe(3);
  expect((await closed.type('ada', startLine('30m'))).err).toContain(
    'The settings let nobody break the glass.',
  );
});

test('a login that is nobody’s breaks nothing, whatever its role', async () => {
  const { lucy, glasses } = await glassWorld();

  const typed = await lucy(`${startLine('30m')} --yes`, staff('admin'));

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('Lucy knows this login by no name');
  expect(await glasses()).toEqual([]);
});

test('a crash halfway leaves nothing behind: unannounced, it is not open', async () => {
  const { type, glasses, database } = await glassWorld();
  await database.knex.schema.renameTable('outbox', 'outbox_away');

  const crashed = await type('olu', startLine('30m'));

  await database.knex.schema.renameTable('outbox_away', 'outbox');
  expect(crashed.code).toBe(1);
  expect(await glasses()).toEqual([]);
  expect(await database.knex('timers').where({ kind: 'glass_end' })).toEqual([]);
  expect((await type('olu', startLine('30m'))).code).toBe(0);
});
