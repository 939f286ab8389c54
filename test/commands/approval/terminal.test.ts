import { expect, test } from 'vitest';
import { terminalActor } from '#src/policy/people.ts';
import { raceSettings } from '#test/world/race-settings.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

const as = (user: string) => terminalActor(raceSettings, user);

async function asked() {
  const world = await terminalWorld({ settings: raceSettings });
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes', as('ada'));
  const grant = 'credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-1 --yes --json';
  const typed = await world.lucy(grant, as('sam'));
  const { approval } = typed.json<{ approval: string; waiting: true }>();
  const balance = async () => (await world.database.knex('credit_accounts').first('balance'))?.balance ?? 0;
  return { ...world, typed, approval, balance };
}

test('a script that asks for more than it may ends with 4, and with the approval’s id', async () => {
  const { typed, approval, balance } = await asked();

  expect(typed.code).toBe(4);
  expect(typed.json()).toMatchObject({ waiting: true, needs: { role: 'billing', count: 1 } });
  expect(approval).toMatch(/^apr_/);
  expect(await balance()).toBe(0);
});

test('the same key again is the same request, still waiting; after the answer it is the receipt', async () => {
  const world = await terminalWorld({ settings: raceSettings });
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes', as('ada'));
  const line = 'credits grant sofia@firm.com 100 --reason "lost upload" --yes --json --idempotency-key k1';
  const first = await world.lucy(line, as('sam'));
  const second = await world.lucy(line, as('sam'));
  const { approval } = first.json<{ approval: string }>();

  expect([first.code, second.code]).toEqual([4, 4]);
  expect(second.json()).toMatchObject({ approval });
  await world.lucy(`approval approve ${approval} --reason "fine" --yes`, as('bea'));
  const third = await world.lucy(line, as('sam'));
  expect(third.code).toBe(0);
  expect(third.json()).toMatchObject({ done: true, credits: 100 });
  expect(await world.database.knex('credit_entries')).toHaveLength(1);
});

test('Bea lists, shows and approves at the terminal; the receipt names the act', async () => {
  const { lucy, approval, balance } = await asked();
  const listed = await lucy('approval list', as('bea'));
  expect(listed.out).toContain('1 request waits for your answer.');
  expect(listed.out).toContain(approval);
  const shown = await lucy(`approval show ${approval}`, as('bea'));
  expect(shown.out).toContain('Sam asks: Grant 100 credits to sofia@firm.com?');

  const approved = await lucy(`approval approve ${approval} --reason "checked" --yes`, as('bea'));

  expect(approved).toMatchObject({ code: 0, out: expect.stringContaining('Grant 100 credits') });
  expect(await balance()).toBe(100);
  expect((await lucy('approval list', as('bea'))).out).toContain('Bea approved this');
});

test.each([
  ['sam', 3, 'nobody approves or denies their own request'],
  ['olu', 3, 'needs the role billing'],
  ['eve', 3, 'is nobody under people:'],
])('%s cannot approve it: exit %i, with the reason', async (user, code, sentence) => {
  const { lucy, approval, balance } = await asked();

  const typed = await lucy(`approval approve ${approval} --reason "please" --yes`, as(user));

  expect(typed).toMatchObject({ code, err: expect.stringContaining(sentence) });
  expect(await balance()).toBe(0);
});

test('with no people in the settings nobody at the terminal can approve, because nobody is known by name', async () => {
  const settings = { ...raceSettings, people: {} };
  const world = await terminalWorld({ settings });
  const root = terminalActor(settings, 'root');
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes', root);

  const typed = await world.lucy('credits grant sofia@firm.com 100 --reason "lost upload" --yes', root);

  expect(typed).toMatchObject({ code: 3, err: expect.stringContaining('Nobody holds') });
});

test('Bea denies with a reason, Sam cancels another, and neither can be answered again', async () => {
  const { lucy, approval, balance } = await asked();
  const denied = await lucy(`approval deny ${approval} --reason "the upload is there" --yes`, as('bea'));
  expect(denied).toMatchObject({ code: 0, out: expect.stringContaining('Sam is told why') });
  const again = await lucy(`approval approve ${approval} --reason "no, it is not" --yes`, as('bo'));
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Bea denied this') });
  const second = await lucy(
    'credits grant sofia@firm.com 50 --reason "lost another upload" --yes --json',
    as('sam'),
  );
  const { approval: other } = second.json<{ approval: string }>();

  expect((await lucy(`approval cancel ${other} --reason "typo" --yes`, as('bea'))).code).toBe(3);
  const cancelled = await lucy(`approval cancel ${other} --reason "typo" --yes`, as('sam'));

  expect(cancelled).toMatchObject({ code: 0, out: expect.stringContaining('withdrawn') });
  expect(await balance()).toBe(0);
});

test.each(['apr_1', 'run_1', 'apr_00000000000000000000000000', '""'])(
  'an approval that is not there (%s) is told apart from one that is',
  async (id) => {
    const world = await terminalWorld({ settings: raceSettings });

    const typed = await world.lucy(`approval show ${id}`, as('bea'));

    expect([2, 5]).toContain(typed.code);
    expect(typed.err).toMatch(/approval/i);
  },
);
