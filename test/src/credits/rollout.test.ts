import { expect, test } from 'vitest';
import { searchAuditEvents } from '#db/audit-events.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { readInstallation } from '#db/installation.ts';
import { inTransaction } from '#db/transaction.ts';
import { sealNext } from '#src/audit/seal.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { reverseEntry } from '#src/credits/reverse.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { consumeCredits } from '#src/http/api/consume-credits.ts';
import type { ApiRoute, ChangeRoute } from '#src/http/api/define-route.ts';
import { postUsage } from '#src/http/api/record-usage.ts';
import { runChange } from '#src/http/api/run-change.ts';
import { type ApiWorld, apiWorld } from '#test/world/api-world.ts';
import { layOut, previousCommit } from '#test/world/previous-version.ts';
import { testCause } from '#test/world/test-cause.ts';
import { down, up } from '../../../migrations/20261121T193100_share_spend_audits.ts';

const MIGRATION = 'migrations/20261121T193100_share_spend_audits.ts';
const sofia = { email: 'sofia@firm.com' };
const names = ['a', 'b', 'c', 'd', 'e'];

/** A database that was worked on, and is then migrated; and when the rollout is over. */
async function rolledOut() {
  const world = await apiWorld();
  await world.grant(100);
  await down(world.database.knex);
  await up(world.database.knex);
  const from = Number(await readInstallation(world.database.knex, 'shared_spends_from'));
  return { world, from, wave: waving(world) };
}

const usageOf = (id: string) => ({ ...sofia, usageId: id, credits: 2, model: 'small' });

/** Five debits and five usages at once; resolves with the answers. */
function waving({ database, deps }: ApiWorld) {
  const spendTogether = createSpendTogether(database);
  const ask = (route: ApiRoute, scope: string, key: string, input: object, now: number) =>
    runChange(
      { database, settings: deps.settings, spendTogether },
      testCause(now),
      route as ChangeRoute,
      { id: '', input, key },
      { scope, key },
    );
  return async (wave: string, now: number) => {
    const answers = await Promise.all([
      ...names.map((name) => ask(consumeCredits, 'caller', `${wave}-${name}`, { ...sofia, amount: 2 }, now)),
      ...names.map((name) => ask(postUsage, 'usage', `${wave}-${name}`, usageOf(`${wave}-${name}`), now)),
    ]);
    return answers.map(({ text }) => text);
  };
}

async function entriesOf({ database }: ApiWorld, wave: string): Promise<CreditEntryRow[]> {
  return database.knex('credit_entries').where('source_id', 'like', `${wave}-%`).orderBy('seq');
}

/** What was asked before, asked again. */
async function askAgain(world: ApiWorld, wave: string): Promise<string[]> {
  const texts: string[] = [];
  for (const name of names)
    texts.push((await world.post('/api/credits/consume', { ...sofia, amount: 2 }, `${wave}-${name}`)).text);
  for (const name of names) texts.push((await world.post('/api/usage', usageOf(`${wave}-${name}`))).text);
  return texts;
}

test('for a day after the migration spends write what the version before reads, and share their audit row after it', async () => {
  const { world, from, wave } = await rolledOut();
  const { database, clock } = world;

  const told = { during: await wave('during', from - 1), after: await wave('after', from) };

  expect(Math.abs(from - DAY_MS - Date.now())).toBeLessThan(60_000);
  const during = await entriesOf(world, 'during');
  const after = await entriesOf(world, 'after');
  expect(during.map(({ lot_id, audit_id, asked }) => [lot_id, audit_id, asked])).toEqual(
    Array.from({ length: 10 }, () => [null, null, null]),
  );
  expect(after.filter(({ lot_id, audit_id, asked }) => lot_id && audit_id && asked)).toHaveLength(10);
  const ids = during.map(({ id }) => id);
  expect(await database.knex('credit_allocations').whereIn('entry_id', ids)).toHaveLength(10);
  expect(await world.rows('api_requests')).toHaveLength(10);
  const audits = (await world.rows('audit_events')).filter(({ command }) =>
    ['credits consume', 'usage record'].includes(String(command)),
  );
  expect(audits.map(({ covers }) => covers !== null).sort()).toEqual([...Array(10).fill(false), true, true]);

  // Nobody who asks, audits or corrects knows the difference.
  clock.set(from + 1);
  expect(await askAgain(world, 'during')).toEqual(told.during);
  expect(await askAgain(world, 'after')).toEqual(told.after);
  for (const command of ['credits consume', 'usage record'])
    expect(await searchAuditEvents(database.knex, { command }, null, 100)).toHaveLength(10);
  while ((await sealNext({ database, clock })) > 0);
  expect((await verifyAudit(database.knex, clock.now())).problemCount).toBe(0);
  expect((await world.credits()).balance).toBe(60);
  for (const [entry] of [during, after])
    await inTransaction(database, (sql) =>
      reverseEntry(sql, testCause(from), {
        customerId: String(JSON.parse(told.after[0] ?? '').customer),
        entryId: entry?.id ?? '',
        atMost: 2,
        key: `back ${entry?.id}`,
      }),
    );
  expect((await world.credits()).balance).toBe(64);
  expect(await world.unbalanced()).toBe(0);
});

test('a new database has no version before: its spends share from the first on', async () => {
  const world = await apiWorld();
  await world.grant(100);

  await waving(world)('first', world.clock.now());

  expect(await readInstallation(world.database.knex, 'shared_spends_from')).toBeNull();
  const entries = await entriesOf(world, 'first');
  expect(entries.every(({ audit_id }) => audit_id !== null)).toBe(true);
});

const old = previousCommit('spends beside the version before', MIGRATION);

test.skipIf(!old)(
  'the version before proves, reverses and answers again what is spent beside it',
  async () => {
    const { world, from, wave } = await rolledOut();
    const { database, deps } = world;
    const told = await wave('during', from - 1);
    const home = await layOut(old ?? '');
    const load = (path: string) => import(`${home}/src/${path}`);
    const before = {
      ...(await load('credits/prove.ts')),
      ...(await load('credits/reverse.ts')),
      ...(await load('credits/spend-together.ts')),
      ...(await load('http/api/run-change.ts')),
      ...(await load('http/api/record-usage.ts')),
      ...(await load('http/api/consume-credits.ts')),
    };
    const spendTogether = before.createSpendTogether(database);
    const ask = (route: ApiRoute, scope: string, key: string, input: object) =>
      before.runChange(
        { database, settings: deps.settings, spendTogether },
        testCause(from),
        route,
        { id: '', input, key },
        { scope, key },
      );

    const consumed = await ask(before.consumeCredits, 'caller', 'during-a', { ...sofia, amount: 2 });
    const used = await ask(before.postUsage, 'usage', 'during-a', usageOf('during-a'));

    expect([consumed.text, used.text]).toEqual([told[0], told[5]]);
    expect(await before.proveLedger(database.knex, testCause())).toBe(0);
    expect(await searchAuditEvents(database.knex, { command: 'credits consume' }, null, 100)).toHaveLength(5);
    const [entry] = await entriesOf(world, 'during');
    await inTransaction(database, (sql) =>
      before.reverseEntry(sql, testCause(from), {
        customerId: JSON.parse(told[0] ?? '').customer,
        entryId: entry?.id,
        atMost: 2,
        key: 'back',
      }),
    );
    expect((await world.credits()).balance).toBe(82);
    expect(await world.unbalanced()).toBe(0);
  },
);
