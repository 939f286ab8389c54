import { expect, test } from 'vitest';
import { importWorld } from '#test/world/import-world.ts';
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
