import { expect, test } from 'vitest';
import { insertCustomerIfNew } from '#db/customers.ts';
import { sealNext } from '#src/audit/seal.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { newId } from '#src/core/ids.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { dropGuardsOf, sharedSpend, sofiaSpent } from '#test/world/shared-spends.ts';
import { testClock, testStart } from '#test/world/test-clock.ts';

const moments = [0, 1, 2, 3, 4];
const problemsOf = async ({ database }: Awaited<ReturnType<typeof sofiaSpent>>) =>
  (await verifyAudit(database.knex, testStart)).problemCount;

async function sealed() {
  const world = await sofiaSpent(moments);
  while ((await sealNext({ database: world.database, clock: testClock() })) > 0);
  expect(await problemsOf(world)).toBe(0);
  return world;
}

test('whose a spend was is under the seal: an account that is given to somebody else is noticed', async () => {
  const world = await sealed();
  const { knex } = world.database;
  const third = {
    id: newId('cust', testStart),
    email: 'third@firm.com',
    name: null,
    email_verified_at: null,
  };
  await insertCustomerIfNew(knex, { ...third, created_at: testStart });

  await knex('credit_accounts').where({ customer_id: world.customerId }).update({ customer_id: third.id });

  expect(await problemsOf(world)).toBe(1);
});

test('so is the account: an entry that is moved to somebody else’s is noticed', async () => {
  const world = await sealed();
  const { knex } = world.database;
  await dropGuardsOf(world.database, 'credit_entries');
  const other = await knex('credit_accounts').where({ customer_id: world.otherId }).first('id');

  await knex('credit_entries').where({ id: world.entries[0]?.id }).update({ account_id: other.id, seq: 900 });

  expect(await problemsOf(world)).toBe(1);
});

test('an entry that is altered while its row waits for the seal is noticed once it has one', async () => {
  const world = await sofiaSpent(moments);
  const { database } = world;
  await dropGuardsOf(database, 'credit_entries');

  await database.knex('credit_entries').whereNotNull('audit_id').update({ reason: 'other' });
  while ((await sealNext({ database, clock: testClock() })) > 0);

  expect(await problemsOf(world)).toBe(1);
});

test('while shared rows are proved, others have a turn after each of them', async () => {
  const world = await sofiaSpent(moments);
  const { database, customerId } = world;
  const together = createSpendTogether(database);
  for (const wave of [1, 2, 3, 4, 5, 6])
    await Promise.all(
      moments.map((at) => together(sharedSpend(customerId, `w-${wave}-${at}`, 1, testStart))),
    );
  while ((await sealNext({ database, clock: testClock() })) > 0);
  let turns = 0;
  let next = setImmediate(function turn() {
    turns++;
    next = setImmediate(turn);
  });

  await verifyAudit(database.knex, testStart);

  clearImmediate(next);
  expect(await database.knex('audit_events').whereNotNull('covers')).toHaveLength(7);
  expect(turns).toBeGreaterThanOrEqual(7);
});
