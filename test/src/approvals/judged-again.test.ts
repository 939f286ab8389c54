import { expect, test } from 'vitest';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { terminalActor } from '#src/policy/people.ts';
import { approve } from '#src/runner/answer-approval.ts';
import { askedWorld, told } from '#test/world/approvals.ts';
import { raceSettings } from '#test/world/race-settings.ts';
import { castSettings } from '#test/world/slack-world.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

/** One approver up to 1,000 a day for one customer, two beyond it. */
const byTheDay: Settings = settingsSchema.parse({
  ...raceSettings,
  policy: {
    'credits grant': {
      steps: [
        { up_to: { per_customer_day: { credits: 1_000 } }, approvers: { role: 'billing' } },
        { approvers: { role: 'billing', count: 2 } },
      ],
    },
  },
});

async function askedTwice(settings: Settings) {
  const world = await terminalWorld({ settings });
  const as = (user: string) => terminalActor(settings, user);
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes', as('ada'));
  const ids: string[] = [];
  for (const ticket of ['ZD-1', 'ZD-2']) {
    const line = `credits grant sofia@firm.com 700 --reason "lost upload" --ticket ${ticket} --yes --json`;
    ids.push((await world.lucy(line, as('sam'))).json<{ approval: string }>().approval);
  }
  const say = (user: string, id = '', runner = world.runner) =>
    approve(runner, { approvalId: id, seenBasis: null, actor: as(user), surface: 'terminal', place: null });
  const balance = async () => (await world.database.knex('credit_accounts').first('balance'))?.balance ?? 0;
  return { ...world, as, ids, say, balance };
}

test('requests that wait side by side are judged again when they are answered: the second needs two by then', async () => {
  const { ids, say, balance, database } = await askedTwice(byTheDay);
  expect((await say('bea', ids[0])).title).toContain('Approved. 700 credits granted');

  const second = await say('bea', ids[1]);

  expect(second).toMatchObject({ tone: 'warning', title: expect.stringContaining('the card asks anew') });
  expect(second.warnings?.join(' ')).toContain('needs 2 approvals by billing');
  expect(await balance()).toBe(700);
  expect((await say('bea', ids[1])).title).toContain('Your approval counts: 1 of 2');
  expect((await say('bo', ids[1])).title).toContain('Approved. 700 credits granted');
  expect(await balance()).toBe(1_400);
  expect(await database.knex('approvals').orderBy('id').pluck('approvers_needed')).toEqual([1, 2]);
});

test('a policy that became stricter while the request waited holds for it, too', async () => {
  const { ids, say, runner, balance } = await askedTwice(byTheDay);
  const nobody = settingsSchema.parse({
    ...raceSettings,
    policy: { 'credits grant': { steps: [{ up_to: { credits: 10 }, approvers: { role: 'billing' } }] } },
  });

  const answer = await say('bea', ids[0], { ...runner, settings: nobody });

  expect(answer.title).toContain('This cannot be done any more, so the request was ended');
  expect(await balance()).toBe(0);
});

test('who got a name in the settings only after asking is still the one who asked', async () => {
  const world = await askedWorld();
  const settings = settingsSchema.parse({
    ...castSettings,
    people: { sam: { name: 'Sam', slack: 'U0SAM00001', terminal: 'sam', roles: ['billing'] } },
  });
  const answering = {
    approvalId: await world.approvalId(),
    seenBasis: null,
    actor: terminalActor(settings, 'sam'),
    surface: 'terminal' as const,
    place: null,
  };

  const answer = approve({ ...world.runner, settings }, answering);

  await expect(answer).rejects.toThrow('nobody approves or denies their own request');
  expect(await world.balance()).toBe(0);
});

test('two votes of one human, before and after their ids were joined, are one', async () => {
  const { ids, say, as, runner, balance } = await askedTwice(
    settingsSchema.parse({
      ...raceSettings,
      policy: { 'credits grant': { steps: [{ approvers: { role: 'billing', count: 2 } }] } },
    }),
  );
  await say('bea', ids[0]);
  const people = { ...runner.settings.people };
  const { bea, ...others } = people;
  if (!bea) throw new Error('Bea is gone');
  const renamed = { ...runner.settings, people: { ...others, beatrice: bea } };

  const again = approve(
    { ...runner, settings: renamed },
    {
      approvalId: ids[0] ?? '',
      seenBasis: null,
      actor: { ...as('bea'), person: 'beatrice' },
      surface: 'terminal',
      place: null,
    },
  );

  await expect(again).rejects.toThrow('You approved this already');
  expect(await balance()).toBe(0);
});

test('a requester who left while it waited: the request is ended, not done', async () => {
  const world = await askedWorld();
  world.slack.setUser('sam', { deleted: true });

  await world.slack.as('bea').click(world.at(), 'approve:0');

  await told(world, 'bea', 'This cannot be done any more, so the request was ended');
  expect(await world.balance()).toBe(0);
});

test('a typed approval of a world that nobody saw is none: it asks anew and ends with 1', async () => {
  const world = await terminalWorld({
    settings: settingsSchema.parse({
      ...raceSettings,
      policy: { 'tier set': { steps: [{ approvers: { role: 'billing' } }] } },
    }),
  });
  const { settings } = world.runner;
  const as = (user: string) => terminalActor(settings, user);
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes', as('ada'));
  const set = 'tier set sofia@firm.com enterprise --until 7d --reason "signed" --yes --json';
  const { approval } = (await world.lucy(set, as('sam'))).json<{ approval: string }>();
  const manual = 'subscription set sofia@firm.com --type monthly --status active --reason "by invoice" --yes';
  expect((await world.lucy(manual, as('ada'))).code).toBe(0);

  const typed = await world.lucy(`approval approve ${approval} --reason "fine" --yes`, as('bea'));

  expect(typed).toMatchObject({ code: 1, out: expect.stringContaining('the card asks anew') });
  expect(await world.database.knex('overrides')).toEqual([]);
  const now = await world.lucy(`approval approve ${approval} --reason "fine" --yes`, as('bea'));
  expect(now.code).toBe(0);
});

test('a script that repeats its key after a denial learns of it, and ends with 1', async () => {
  const world = await terminalWorld({ settings: raceSettings });
  const as = (user: string) => terminalActor(raceSettings, user);
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes', as('ada'));
  const line = 'credits grant sofia@firm.com 100 --reason "lost upload" --yes --idempotency-key k1';
  const { approval } = (await world.lucy(`${line} --json`, as('sam'))).json<{ approval: string }>();
  await world.lucy(`approval deny ${approval} --reason "the upload is there" --yes`, as('bea'));

  const again = await world.lucy(line, as('sam'));

  expect(again).toMatchObject({ code: 1, out: expect.stringContaining('Bea denied this') });
  expect(again.out).toContain('the upload is there');
});

test('a person with many open requests asks for no more', async () => {
  const world = await terminalWorld({ settings: raceSettings });
  const as = (user: string) => terminalActor(raceSettings, user);
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes', as('ada'));
  const ask = (count: number) =>
    world.lucy(`credits grant sofia@firm.com ${count} --reason "lost upload" --yes`, as('sam'));
  for (let count = 1; count <= 20; count++) expect((await ask(count)).code).toBe(4);

  expect(await ask(21)).toMatchObject({ code: 3, err: expect.stringContaining('20 requests of yours wait') });
});
