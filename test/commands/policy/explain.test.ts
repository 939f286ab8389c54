import { expect, test } from 'vitest';
import { writeSlackGroups } from '#db/slack-groups.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { SNAPSHOT_LIVES_MS } from '#src/policy/group-snapshot.ts';
import { terminalActor } from '#src/policy/people.ts';
import { addUsage } from '#src/policy/usage.ts';
import { staff, type TerminalWorld, terminalWorld } from '#test/world/terminal-world.ts';

const people = {
  sam: { name: 'Sam', slack: 'U0SAM', terminal: 'sam' },
  bea: { name: 'Bea', slack: 'U0BEA', terminal: 'bea' },
  bo: { name: 'Bo', slack: 'U0BO' },
  ada: { name: 'Ada', slack: 'U0ADA', terminal: 'ada', roles: ['admin' as const] },
  gus: { name: 'Gus', slack: 'U0GUS' },
};

const settings = settingsSchema.parse({
  roles: { support: { groups: ['S0SUPPORT'] }, billing: { groups: ['S0BILLING'] } },
  people,
});

async function withCast(known = settings): Promise<TerminalWorld> {
  const world = await terminalWorld({ settings: known });
  const readAt = world.clock.now();
  await writeSlackGroups(world.database.knex, [
    { groupId: 'S0SUPPORT', members: ['U0SAM'], readAt },
    { groupId: 'S0BILLING', members: ['U0BEA', 'U0BO'], readAt },
  ]);
  return world;
}

type Told = {
  command: string;
  person: string;
  verdict: { kind: string; step: number | null };
  usage: unknown;
};

test('more than Sam may grant alone: what would happen, why, and who could say yes', async () => {
  const { lucy } = await withCast();

  const typed = await lucy('policy explain "credits grant 900" --as sam');

  expect(typed.code).toBe(0);
  expect(typed.out).toContain(
    'Sam would ask for “credits grant”, and it would wait for one approval by billing.',
  );
  expect(typed.out).toContain(
    'alone up to 500 credits; this is 900 credits, so it needs one approval by billing.',
  );
  expect(typed.out).toContain('Lucy’s default policy, step 4 of 5');
  expect(typed.out).toContain('Bea and Bo, or as admin Ada');
  expect(typed.out).toContain('#lucy-approvals');
  expect(typed.out).toContain('1 day');
  expect(typed.out).toContain('support, from a Slack user group of roles.support.groups');
  expect(typed.out).toContain('2,000 credits left');
});

test.each([
  ['"credits grant 100" --as sam', 'Sam would do “credits grant” with one click.'],
  ['credits grant 100 --as sam', 'Sam would do “credits grant” with one click.'],
  ['"/lucy credits grant 100" --as sam', 'Sam would do “credits grant” with one click.'],
  ['"credits grant sofia@firm.com 100" --as sam', 'Sam would do “credits grant” with one click.'],
  ['"credits grant --count 900" --as bea', 'Bea would do “credits grant” with one click.'],
  ['"credits grant 2,000,000" --as ada', 'Ada would be refused “credits grant”.'],
  ['"tier set pro --until 7d" --as sam', 'Sam would do “tier set” with one click.'],
  ['"tier set pro" --as sam', 'it would wait for one approval by billing.'],
  ['"tier set sofia@firm.com enterprise --until 7d" --as sam', 'it would wait for one approval by billing.'],
  ['"refund request $500" --as sam', 'it would wait for one approval by billing.'],
  ['"refund request sofia@firm.com $500.01" --as bea', 'it would wait for 2 approvals by billing.'],
  ['"refund request" --as ada', 'it would wait for 2 approvals by billing.'],
  ['"customer add new@firm.com" --as gus', 'Gus would be refused “customer add”.'],
  ['"credits show sofia@firm.com" --as sam', 'Sam would get the answer of “credits show” at once.'],
])('%s', async (line, title) => {
  const { lucy } = await withCast();
  await lucy('customer add sofia@firm.com --reason "a test needs her" --yes');

  expect((await lucy(`policy explain ${line}`)).out).toContain(title);
});

test('today’s use is told with what is left, and decides', async () => {
  const { lucy, database, clock } = await withCast();
  await lucy('customer add sofia@firm.com --reason "a test needs her" --yes');
  const { id } = await database.knex('customers').first('id');
  await addUsage(database.knex, clock.now(), 'sam', id, 'credits grant', { credits: 400 });
  await addUsage(database.knex, clock.now(), 'bea', id, 'credits grant', { credits: 550 });

  const typed = await lucy('policy explain "credits grant sofia@firm.com 60" --as sam');

  expect(typed.out).toContain('it would wait for one approval by billing');
  expect(typed.out).toContain('with this it would be 1,010 credits today');
  expect(typed.out).toContain('400 credits in 1 run; 1,600 credits left');
  expect(typed.out).toContain('950 credits in 2 runs; 50 credits left');
});

test('explaining changes nothing, asks for nothing and is no refusal', async () => {
  const { lucy, database } = await withCast();
  const tables = ['runs', 'approvals', 'outbox', 'audit_events', 'policy_usage'];

  await lucy('policy explain "credits grant 900" --as sam');
  await lucy('policy explain "credits grant 2000000" --as sam');

  for (const table of tables) expect(await database.knex(table), table).toEqual([]);
});

test('without --as it is about whoever asks, by the roles that they have here', async () => {
  const { lucy } = await withCast();

  const bea = terminalActor(settings, 'bea', new Map([['S0BILLING', ['U0BEA']]]));
  const asBea = await lucy('policy explain "credits grant 900" --json', bea);
  const asSupport = await lucy('policy explain "credits grant 900" --json', staff('support'));

  expect(asBea.json<Told>()).toMatchObject({ person: 'bea', verdict: { kind: 'allowed', step: 2 } });
  expect(asSupport.json<Told>()).toMatchObject({
    command: 'credits grant',
    person: 'terminal:support',
    verdict: { kind: 'approval', step: 4, role: 'billing', count: 1 },
  });
});

test('when nobody could say yes, that is told before anybody asks', async () => {
  const alone = settingsSchema.parse({
    roles: { billing: { members: ['U0BEA'] } },
    people: { bea: people.bea },
  });
  const { lucy } = await withCast(alone);

  const typed = await lucy('policy explain "tier set enterprise" --as bea', staff('admin'));

  expect(typed.out).toContain('Nobody but Bea holds the role billing or admin');
  expect(typed.out).toContain('Ask an admin to give somebody else the role billing');
});

test('what is not known of Slack’s user groups is said, and gives no role', async () => {
  const world = await withCast();
  world.clock.advance(SNAPSHOT_LIVES_MS + 1);

  const typed = await world.lucy('policy explain "credits grant 900" --as sam');

  expect(typed.out).toContain('Sam would be refused “credits grant”.');
  const asAdmin = await world.lucy('policy explain "credits grant 60000" --as ada');
  expect(asAdmin.out).toContain('were not read lately, so there may be more');
});

test('an undo is explained as what it does', async () => {
  const { lucy } = await withCast();
  await lucy('customer add sofia@firm.com --reason "a test needs her" --yes');
  const granted = await lucy('credits grant sofia@firm.com 400 --reason "lost upload" --yes --json');
  const { run } = granted.json<{ run: string }>();

  const typed = await lucy(`policy explain "undo ${run}" --as sam --json`);

  expect(typed.json<Told>()).toMatchObject({ command: 'credits reverse', verdict: { kind: 'allowed' } });
  // How much an entry is, the ledger says.
  const large = await lucy('credits grant sofia@firm.com 900 --reason "outage" --yes --json');
  const { run: largeRun } = large.json<{ run: string }>();
  const asked = await lucy(`policy explain "undo ${largeRun}" --as sam --json`);
  expect(asked.json<Told>()).toMatchObject({ command: 'credits reverse', verdict: { kind: 'approval' } });
});

test('a rule of the settings is named as such, with its channels', async () => {
  const ruled = settingsSchema.parse({
    people,
    roles: { support: { members: ['U0SAM'] } },
    policy: {
      'credits grant': { never: ['gus'], channels: ['#support'], steps: [{ up_to: { credits: 10 } }] },
    },
  });
  const { lucy } = await withCast(ruled);

  const typed = await lucy('policy explain "credits grant 11" --as sam');

  expect(typed.out).toContain('policy: in lucy.config.yml');
  expect(typed.out).toContain('In Slack it works in #support only.');
  expect(typed.out).toContain('so nobody may allow it');
});

test.each([
  ['policy explain "credits grnt 900"', 'credits grant'],
  ['policy explain "credits grant lots" --as sam', 'a whole number such as 100'],
  ['policy explain "credits grant 900" --as mallory', 'Lucy knows nobody called “mallory”.'],
  ['policy explain "tier set pro --until yesterday" --as sam', 'neither a date nor a span'],
  ['policy explain "credits grant 900 12 13" --as sam', 'one word too many'],
])('%s: what is wrong is said', async (line, sentence) => {
  const { lucy } = await withCast();

  const typed = await lucy(line);

  expect(typed.code).not.toBe(0);
  expect(typed.err).toContain(sentence);
});

test('a customer that is not there has had nothing yet, and that is said', async () => {
  const { lucy } = await withCast();

  const typed = await lucy('policy explain "credits grant nobody@firm.com 9" --as sam');

  expect(typed.out).toContain('Sam would do “credits grant” with one click.');
  expect(typed.out).toContain('There is no customer nobody@firm.com yet');
});

test('somebody without a role may not ask', async () => {
  const { lucy } = await withCast();

  expect((await lucy('policy explain "credits grant 9"', staff())).code).toBe(3);
});
