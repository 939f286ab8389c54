import { expect, test } from 'vitest';
import { terminalActor } from '#src/policy/people.ts';
import { castOfGlass, type Who } from '#test/world/glass-world.ts';
import { importWorld, manyEmails } from '#test/world/import-world.ts';
import { staff } from '#test/world/terminal-world.ts';

async function imported(command = 'credits import') {
  const world = await importWorld();
  if (command === 'credits import') await world.customers('sofia@firm.com', 'office@manual.gmbh');
  const path = await world.file('may.csv', 'email,credits\nsofia@firm.com,100\noffice@manual.gmbh,20\n');
  const typed = await world.lucy(`${command} ${path} --reason "outage in May" --yes --json`);
  return { ...world, run: typed.json<{ run: string }>().run };
}

test('what is left of each line is taken back, once', async () => {
  const { lucy, run, balances, database } = await imported();
  await lucy('credits consume sofia@firm.com 40 --reason "used it" --yes');

  const shown = await lucy(`credits unimport ${run} --reason "wrong file" --dry-run`);
  const typed = await lucy(`credits unimport ${run} --reason "wrong file" --yes`);
  const again = await lucy(`credits unimport ${run} --reason "wrong file" --yes`);

  expect(shown.out).toContain('Take back what is left of 120 credits from may.csv?');
  expect(shown.out).toContain('80 credits');
  expect(shown.out).toContain('What was spent stays spent');
  expect(typed.out).toContain('2 of 2 lines of may.csv taken back.');
  expect(await balances()).toEqual({ 'sofia@firm.com': 0, 'office@manual.gmbh': 0 });
  expect(await database.knex('credit_entries').where({ type: 'reverse' })).toHaveLength(2);
  expect(again.code).toBe(1);
  expect(again.err).toContain('can be taken back any more: it is spent, lapsed or taken back already.');
});

test('opening balances of an import of customers are taken back, and the customers stay', async () => {
  const { lucy, run, balances, database } = await imported('customer import');

  const typed = await lucy(`credits unimport ${run} --reason "wrong file" --yes`);

  expect(typed.code).toBe(0);
  expect(await balances()).toEqual({ 'sofia@firm.com': 0, 'office@manual.gmbh': 0 });
  expect(await database.knex('customers')).toHaveLength(2);
});

test('a run that is no import, and a person who may not, are refused', async () => {
  const { lucy, run, balances } = await imported();

  const unknown = await lucy('credits unimport run_01k9zq3v5t8w2x4y6z7a8b9c0d --reason "wrong file" --yes');
  const refused = await lucy(`credits unimport ${run} --reason "wrong file" --yes`, staff('oncall'));

  expect([unknown.code, refused.code]).toEqual([5, 3]);
  expect(await balances()).toEqual({ 'sofia@firm.com': 100, 'office@manual.gmbh': 20 });
});

const cast = castOfGlass({ approvals: { dwell: '0s' } });
const as = (who: Who) => terminalActor(cast, who);

test('what support may not give alone, support may not take back alone', async () => {
  const world = await importWorld({ settings: cast });
  const emails = manyEmails(20);
  await world.customers(...emails);
  const path = await world.file(
    'big.csv',
    ['email,credits', ...emails.map((one) => `${one},2000`)].join('\n'),
  );
  const typed = await world.lucy(`credits import ${path} --reason "bought in bulk" --yes --json`, as('ada'));
  const { run } = typed.json<{ run: string }>();

  const asked = await world.lucy(`credits unimport ${run} --reason "just so" --yes`, as('sam'));
  const undone = await world.lucy(`undo ${run} --reason "just so" --yes`, as('sam'));

  expect([typed.code, asked.code, undone.code]).toEqual([0, 4, 4]);
  expect(asked.out).toContain('up to 500 credits; this is 2,000 credits');
  const balances = Object.values(await world.balances());
  expect(balances.reduce((sum, one) => sum + one, 0)).toBe(40_000);
});

test('a customer in several lines is one customer when they are taken back', async () => {
  const world = await importWorld({ settings: cast });
  await world.customers('sofia@firm.com');
  const lines = ['sofia@firm.com,300,first', 'sofia@firm.com,300,second'];
  const path = await world.file('x.csv', ['email,credits,reason', ...lines].join('\n'));
  const typed = await world.lucy(`credits import ${path} --reason "outage" --yes --json`, as('ada'));
  const { run } = typed.json<{ run: string }>();

  const shown = await world.lucy(`credits unimport ${run} --reason "just so" --dry-run`, as('sam'));

  expect(shown.out).toContain('up to 500 credits; this is 600 credits');
});

test('own small imports are taken back with one click', async () => {
  const world = await importWorld({ settings: cast });
  await world.customers('sofia@firm.com');
  const path = await world.file('x.csv', 'email,credits\nsofia@firm.com,300\n');
  const typed = await world.lucy(`credits import ${path} --reason "outage" --yes --json`, as('sam'));

  const undone = await world.lucy(
    `undo ${typed.json<{ run: string }>().run} --reason "wrong" --yes`,
    as('sam'),
  );

  expect(undone.code).toBe(0);
  expect(await world.balances()).toEqual({ 'sofia@firm.com': 0 });
});

test.each(['credits import', 'customer import', 'credits unimport'])(
  'a broken glass does not stand in for the approval of “%s”',
  async (command) => {
    const world = await importWorld({ settings: cast });
    const emails = manyEmails(20);
    if (command !== 'customer import') await world.customers(...emails);
    const path = await world.file(
      'x.csv',
      ['email,credits', ...emails.map((one) => `${one},40000`)].join('\n'),
    );
    const before = `credits import ${path} --reason "outage" --yes --json`;
    const glass = 'break-glass start --for 30m --reason "nobody answers me" --ticket INC-7 --yes';
    expect((await world.lucy(glass, as('ada'))).code).toBe(0);
    let typed = await world.lucy(`${command} ${path} --reason "outage" --yes`, as('ada'));
    if (command === 'credits unimport') {
      const asked = await world.lucy(before, as('ada'));
      const { approval, run } = asked.json<{ approval: string; run: string }>();
      await world.lucy(`approval approve ${approval} --reason "checked" --yes`, as('bea'));
      expect(Object.values(await world.balances())).toHaveLength(20);
      typed = await world.lucy(`${command} ${run} --reason "just so" --yes`, as('ada'));
    }

    expect(typed.code).toBe(4);
    expect(typed.out).toContain('needs one approval by billing');
  },
);
