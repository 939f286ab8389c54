import { expect, test } from 'vitest';
import { detect } from '#src/detectors/detect.ts';
import { detectorWorld } from '#test/world/detector-world.ts';

const customers = Array.from({ length: 12 }, (_none, index) => ({
  email: `office${index + 10}@firm.com`,
  stripe: `cus_${index + 10}`,
}));

async function owe(world: Awaited<ReturnType<typeof detectorWorld>>, from: number, to: number, debt = 5) {
  const emails = customers.slice(from, to).map(({ email }) => email);
  const ids = world.database.knex('customers').whereIn('email', emails).select('id');
  await world.database.knex('credit_accounts').whereIn('customer_id', ids).update({ debt });
}

async function manyAccounts() {
  const world = await detectorWorld({ customers });
  for (const { email } of customers) await world.lucy(`credits grant ${email} 10 --reason "hello" --yes`);
  await world.watch(1);
  return world;
}

test('more than five of a kind at once are one message, which takes up what follows and ends with the last', async () => {
  const world = await manyAccounts();
  await owe(world, 0, 8);
  await world.watch(1);
  expect(await world.told()).toEqual(['#data-platform: Credit balance negative or stuck: 8 cases at once.']);

  await owe(world, 8, 12);
  await world.watch(1);
  const cards = await world.database.knex('cards').where('key', 'like', 'notice:%');
  expect(cards).toHaveLength(1);
  expect((await world.told()).at(-1)).toBe(
    '#data-platform: Credit balance negative or stuck: 12 cases at once.',
  );

  await owe(world, 0, 4, 0);
  await world.watch(1);
  expect((await world.told()).at(-1)).toBe(
    '#data-platform: Credit balance negative or stuck: 8 cases at once, of 12.',
  );
  await owe(world, 4, 12, 0);
  await world.watch(1);
  expect((await world.told()).at(-1)).toBe(
    '#data-platform: All 12 cases are well again: Credit balance negative or stuck.',
  );
});

test('a trickle of them becomes one message, too', async () => {
  const world = await manyAccounts();
  for (let index = 0; index < 12; index++) {
    await owe(world, index, index + 1);
    await world.look();
  }

  expect(await world.database.knex('cards').where('key', 'like', 'notice:%')).toHaveLength(6);
});

test('two processes that look at once tell it once', async () => {
  const world = await manyAccounts();
  await owe(world, 0, 3);
  await Promise.all([detect(world.deps), detect(world.deps)]);
  await world.look();

  expect(await world.told()).toHaveLength(3);
});
