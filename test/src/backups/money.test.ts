import { describe, expect, test } from 'vitest';
import { claimBackup, insertBackup } from '#db/backups.ts';
import type { Database } from '#db/connection.ts';
import type { RestoreRow } from '#db/restores.ts';
import { carryRestores } from '#src/backups/carry-restore.ts';
import { newBackup } from '#src/backups/new-backup.ts';
import { readRestoreFacts } from '#src/backups/restore-facts.ts';
import { pollEvents } from '#src/billing-events/poll-events.ts';
import { terminalActor } from '#src/policy/people.ts';
import { backupsOf } from '#test/world/backups-of.ts';
import { effectsWorld, refundOf } from '#test/world/effects-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { raceSettings } from '#test/world/race-settings.ts';
import { reconcileWorld } from '#test/world/reconcile-world.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';
import { testCause } from '#test/world/test-cause.ts';

const MINUTE_MS = 60_000;

// What is held and what is caught up is the same on both engines; the swap itself is tried on both elsewhere.
describe.skipIf(testEngine !== 'sqlite')('going back in time', () => {
  test('a refund that was sent after the backup is held, looked for at Stripe when it is let go, and never sent again', async () => {
    const world = await effectsWorld();
    const charge = world.pay();
    const run = await world.approve(refundOf(charge));
    const { backup, restore } = await backupsOf(world);
    await backup();
    await world.work();
    expect(world.posts()).toHaveLength(1);
    expect(world.refundsOf(charge)).toHaveLength(1);

    const { facts } = await restore();
    expect(JSON.parse(facts).held).toMatchObject({ effects: 1 });
    await world.wait(60 * MINUTE_MS);
    expect(await world.states(run)).toEqual(['queued']);
    expect(world.posts()).toHaveLength(1);
    expect(
      await world.database.knex('findings').where({ kind: 'held_after_restore', state: 'open' }),
    ).toHaveLength(1);

    const people = await terminalWorld({
      settings: raceSettings,
      given: { database: world.database, url: '' },
    });
    const as = (user: string, line: string) =>
      people.lucy(`${line} --yes`, terminalActor(raceSettings, user));
    const asked = await as('bea', 'backup release --reason "looked through it" --json');
    expect(asked.code).toBe(4);
    const { approval } = asked.json<{ approval: string }>();
    expect((await as('bea', `approval approve ${approval} --reason "mine"`)).code).toBe(3);
    expect((await as('bo', `approval approve ${approval} --reason "I looked, too"`)).code).toBe(0);
    await world.wait(60 * MINUTE_MS);

    expect(world.posts()).toHaveLength(1);
    expect(world.refundsOf(charge)).toHaveLength(1);
    expect(await world.states(run)).toEqual(['confirmed']);
    expect(
      await world.database.knex('findings').where({ kind: 'held_after_restore', state: 'open' }),
    ).toEqual([]);
    expect((await as('bea', 'backup release --reason "again"')).err).toContain('Nothing is held back');
  });

  test('one that was never sent is sent once when it is let go', async () => {
    const world = await effectsWorld();
    const charge = world.pay();
    const run = await world.approve(refundOf(charge));
    const { backup, restore } = await backupsOf(world);
    await backup();
    await restore();
    const people = await terminalWorld({
      settings: raceSettings,
      given: { database: world.database, url: '' },
    });
    const as = (user: string, line: string) =>
      people.lucy(`${line} --yes`, terminalActor(raceSettings, user));
    const { approval } = (await as('bea', 'backup release --reason "looked through it" --json')).json<{
      approval: string;
    }>();
    await as('bo', `approval approve ${approval} --reason "I looked, too"`);
    await world.wait(60 * MINUTE_MS);
    expect(world.posts()).toHaveLength(1);
    expect(await world.states(run)).toEqual(['confirmed']);
  });

  test('approvals, previews, messages and mails of then do not go on: whoever still wants them asks anew', async () => {
    const people = await terminalWorld({ settings: raceSettings });
    const as = (user: string, line: string) =>
      people.lucy(`${line} --yes`, terminalActor(raceSettings, user));
    await as('ada', 'customer add sofia@firm.com --reason "new"');
    const { approval } = (
      await as('sam', 'credits grant sofia@firm.com 9 --reason "lost upload" --json')
    ).json<{ approval: string }>();
    const { backup, restore } = await backupsOf(people);
    await backup();
    const waiting = await people.database.knex('outbox').where({ state: 'pending' });
    expect(waiting.length).toBeGreaterThan(0);
    // Decided after the backup, and undone by going back: nothing may make it happen a second time.
    await as('bea', `approval approve ${approval} --reason "fine"`);

    await restore();
    const again = await as('bea', `approval approve ${approval} --reason "fine"`);
    expect(again.code).not.toBe(0);
    expect(await people.database.knex('credit_entries')).toEqual([]);
    const old = await people.database.knex('outbox').whereIn(
      'id',
      waiting.map(({ id }) => id),
    );
    expect(new Set(old.map(({ state }) => state))).toEqual(new Set(['folded']));
    // Sam is told, and the approval’s card shows that it ended.
    const fresh = await people.database.knex('outbox').where({ state: 'pending' });
    expect(fresh.map(({ payload }) => payload).join()).toContain('restored from a backup');
    expect(fresh.length).toBeLessThan(6);
  });

  test('a drill in earnest (F23): load, kill, restore, catch up: nothing differs from Stripe', async () => {
    const world = await reconcileWorld();
    for (const name of ['anna', 'ben', 'cleo']) await world.customer(name);
    world.stripe.world.subscribe('cus_anna', 'pro_monthly');
    await world.stripe.idle();
    await world.work();
    const { deps, backup, restore } = await backupsOf(world, world.runner.settings);
    await backup();
    world.clock.advance(10 * MINUTE_MS);

    // All of this was acknowledged, and is gone with the restore.
    world.stripe.world.subscribe('cus_ben', 'pro_monthly');
    world.stripe.world.subscribe('cus_cleo', 'starter_monthly');
    await world.stripe.idle();
    await world.work();
    const before = await figures(world.database);
    expect(before).toMatchObject({ paying: 3 });

    const began = performance.now();
    await restore();
    expect(await figures(world.database)).toMatchObject({ paying: 1 });
    for (let looks = 0; looks < 30; looks++) {
      await pollEvents(world.deps);
      await world.work();
      await world.carry();
      world.clock.advance(MINUTE_MS);
      await carryRestores(deps);
    }
    const row: RestoreRow = await world.database.knex('restores').first();
    expect(row).toMatchObject({ step: 'done', error: null });
    const facts = readRestoreFacts(row);
    expect(facts.differences).toBe(0);
    expect(await figures(world.database)).toEqual(before);
    const point = ((facts.closedAt ?? 0) - row.reached_at) / 1_000;
    process.stdout.write(
      `\nrestore drill: recovery point ${point} s, recovered and caught up in ${Math.round(performance.now() - began)} ms, differences ${facts.differences}\n`,
    );
  });

  test('a backup is held by one process at a time', async () => {
    const world = await effectsWorld();
    const { deps } = await backupsOf(world);
    const row = newBackup(testCause(world.clock.now()), 'sqlite', 'asked', 'one');
    await insertBackup(deps.database.knex, row);
    expect(await insertBackup(deps.database.knex, { ...row, id: 'bkp_2' })).toBe(false);
    const lease = { token: 'a', now: world.clock.now(), until: world.clock.now() + MINUTE_MS };
    expect(await claimBackup(deps.database.knex, lease)).toMatchObject({ attempts: 1 });
    expect(await claimBackup(deps.database.knex, { ...lease, token: 'b' })).toBeUndefined();
  });
});

async function figures({ knex }: Database) {
  const paying = await knex('entitlements').whereNot({ tier: 'free' }).count({ total: '*' }).first();
  const credits = await knex('credit_accounts').sum({ total: 'balance' }).first();
  return { paying: Number(paying?.total), credits: Number(credits?.total) };
}
