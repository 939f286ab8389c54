import { expect, test } from 'vitest';
import { scheduleDaily } from '#src/jobs/daily.ts';
import { proveWhenDue } from '#src/jobs/ledger-proof.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';

const DAY_MS = 86_400_000;

test('every night the ledger is proved, outside the timer’s transaction and with turns for everybody else', async () => {
  const world = await billingWorld();
  const { knex } = world.database;
  await world.lucy(`credits grant ${sofia.email} 10 --reason "hello" --yes`);
  await knex('credit_accounts').update({ balance: 11 });
  await scheduleDaily(knex, world.clock.now());
  await proveWhenDue(world.deps);
  expect(await knex('findings')).toEqual([]);

  world.clock.advance(DAY_MS);
  await runTimers(world.deps);
  expect(await knex('findings')).toEqual([]);
  await proveWhenDue(world.deps);
  expect(await knex('findings')).toMatchObject([{ kind: 'ledger_unbalanced', state: 'open' }]);

  // Once a night, and again the next.
  await knex('credit_accounts').update({ balance: 10 });
  await proveWhenDue(world.deps);
  expect(await knex('findings')).toMatchObject([{ state: 'open' }]);
  world.clock.advance(DAY_MS);
  await runTimers(world.deps);
  await proveWhenDue(world.deps);
  expect(await knex('findings')).toMatchObject([{ state: 'closed' }]);
});

test('a proof that broke off is made again', async () => {
  const world = await billingWorld();
  const { knex } = world.database;
  await world.lucy(`credits grant ${sofia.email} 10 --reason "hello" --yes`);
  await knex('credit_accounts').update({ balance: 11 });
  await scheduleDaily(knex, world.clock.now());
  world.clock.advance(DAY_MS);
  await runTimers(world.deps);
  const broken = { ...world.database, knex: null } as never;
  await expect(proveWhenDue({ ...world.deps, database: broken })).rejects.toThrow();

  await proveWhenDue(world.deps);

  expect(await knex('findings')).toMatchObject([{ kind: 'ledger_unbalanced', state: 'open' }]);
});
