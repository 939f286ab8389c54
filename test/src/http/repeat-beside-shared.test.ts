import { expect, test } from 'vitest';
import { searchAuditEvents } from '#db/audit-events.ts';
import { inTransaction } from '#db/transaction.ts';
import { findLostActs } from '#src/backups/lost-acts.ts';
import type { SpendEnd } from '#src/credits/decide-spends.ts';
import { reverseEntry } from '#src/credits/reverse.ts';
import { createSpendTogether, type SpendTogether } from '#src/credits/spend-together.ts';
import { consumeCredits } from '#src/http/api/consume-credits.ts';
import type { ApiRoute, ChangeRoute } from '#src/http/api/define-route.ts';
import { postUsage } from '#src/http/api/record-usage.ts';
import { type Done, runChange } from '#src/http/api/run-change.ts';
import { type ApiWorld, apiWorld } from '#test/world/api-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { testCause } from '#test/world/test-cause.ts';

const sofia = { email: 'sofia@firm.com' };
const aloneAgain = async (): Promise<SpendEnd> => ({ kind: 'not plain' });

/** A usage and a debit, each under a key, as the product asks for them. */
const kinds: [string, ApiRoute, (key: string, credits: number) => object][] = [
  ['usage', postUsage, (usageId, credits) => ({ ...sofia, usageId, credits })],
  ['caller', consumeCredits, (_key, amount) => ({ ...sofia, amount })],
];

function asking({ database, deps, clock }: ApiWorld, scope: string, route: ApiRoute, by: SpendTogether) {
  return (key: string, input: object): Promise<Done> =>
    runChange(
      { database, settings: deps.settings, spendTogether: by },
      { ...testCause(clock.now()), surface: 'api' },
      route as ChangeRoute,
      { id: '', input, key },
      { scope, key },
    );
}

/** How many on this server wait for a lock in this database. */
async function waiting({ database }: ApiWorld): Promise<number> {
  const { rows } = await database.knex.raw(`
    select count(distinct pid)::integer as waiting from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`);
  return rows[0].waiting;
}

// SQLite lets one transaction in at a time.
test.skipIf(testEngine === 'sqlite').each(kinds)(
  '%s: a repetition on its own, while the first is at work among others, is told the first answer',
  async (scope, route, body) => {
    const world = await apiWorld();
    await world.grant(100);
    const holder = await world.database.knex.transaction();
    await holder.raw('select * from credit_accounts for update');
    const together = asking(world, scope, route, createSpendTogether(world.database));
    const first = Promise.all(['a', 'b', 'c'].map((key) => together(key, body(key, 1))));
    await expect.poll(() => waiting(world)).toBe(1);
    const again = asking(world, scope, route, aloneAgain)('b', body('b', 1));
    await expect.poll(() => waiting(world)).toBe(2);
    await holder.commit();

    const [, answer] = await first;
    expect((await again).text).toBe(answer?.text);
    expect((await world.credits()).balance).toBe(97);
    expect(await world.unbalanced()).toBe(0);
  },
);

test.skipIf(testEngine === 'sqlite')(
  'a repetition that finds the credits gone, because the first took them meanwhile, is told the first answer',
  async () => {
    const world = await apiWorld();
    await world.grant(3);
    const holder = await world.database.knex.transaction();
    await holder.raw('select * from credit_accounts for update');
    const body = { ...sofia, amount: 1 };
    const together = asking(world, 'caller', consumeCredits, createSpendTogether(world.database));
    const first = Promise.all(['a', 'b', 'c'].map((key) => together(key, body)));
    await expect.poll(() => waiting(world)).toBe(1);
    const again = asking(world, 'caller', consumeCredits, aloneAgain)('b', body);
    await expect.poll(() => waiting(world)).toBe(2);
    await holder.commit();

    const [, answer] = await first;
    expect((await again).text).toBe(answer?.text);
  },
);

test.each(kinds)(
  '%s: the answer stays the same after a reversal, under another email, and when kept answers are gone',
  async (scope, route, body) => {
    const world = await apiWorld();
    await world.grant(100);
    const { knex } = world.database;
    const { id: customer } = await knex('customers').where(sofia).first('id');
    const named = (key: string, credits: number) => {
      const { email: _email, ...rest } = body(key, credits) as { email: string };
      return { customer, ...rest };
    };
    const shared = createSpendTogether(world.database);
    const keys = ['a', 'b', 'c'];
    const first = await Promise.all(
      keys.map((key) => asking(world, scope, route, shared)(key, named(key, 1))),
    );
    const { id: entryId } = await knex('credit_entries').where('idempotency_key', 'like', '%:b').first('id');
    const back = { customerId: customer, entryId, atMost: 1, key: 'back' };
    await inTransaction(world.database, (sql) => reverseEntry(sql, testCause(), back));
    await knex('customers').where({ id: customer }).update({ email: 'new@firm.com' });

    for (const by of [createSpendTogether(world.database), aloneAgain]) {
      const ask = asking(world, scope, route, by);
      await knex('api_requests').delete();
      expect((await ask('b', named('b', 1))).text).toBe(first[1]?.text);
      await knex('api_requests').delete();
      await expect(ask('b', named('b', 2))).rejects.toThrow('used before');
    }
  },
);

test.each(kinds)(
  '%s: a search by customer and command finds them; a restore that loses them counts them',
  async (scope, route, body) => {
    const world = await apiWorld();
    await world.grant(100);
    const { knex } = world.database;
    const { id: customerId } = await knex('customers').where(sofia).first('id');
    const ask = asking(world, scope, route, createSpendTogether(world.database));
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    const before = await knex('audit_events').max({ id: 'id' }).first();

    await Promise.all(keys.map((key) => ask(key, body(key, 1))));

    const [{ command }] = await knex('audit_events').whereNotNull('covers').distinct('command');
    expect(await searchAuditEvents(knex, { customerId, command }, null, 100)).toHaveLength(20);
    expect((await findLostActs(knex, before?.id ?? null)).calls).toBe(20);
  },
);
