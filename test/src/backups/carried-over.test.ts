import { describe, expect, test } from 'vitest';
import { claimBatch } from '#db/batches.ts';
import { listHeldEffects, releaseHeldEffects } from '#db/held-work.ts';
import { claimRepair } from '#db/reconcile-findings.ts';
import type { RestoreRow } from '#db/restores.ts';
import { sealNext } from '#src/audit/seal.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { restoreCard } from '#src/backups/restore-card.ts';
import { readRestoreFacts } from '#src/backups/restore-facts.ts';
import { terminalActor } from '#src/policy/people.ts';
import { type BackupWorld, backupWorld, must } from '#test/world/backup-world.ts';
import { backupsOf } from '#test/world/backups-of.ts';
import { type EffectsWorld, effectsWorld, refundOf } from '#test/world/effects-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { raceSettings } from '#test/world/race-settings.ts';
import { lacksPostgresTools, useSystemPostgres } from '#test/world/system-postgres.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

const postgres = useSystemPostgres();
const MINUTE_MS = 60_000;

/** Sofia is there, and the backup is ten minutes old. */
async function backedUp(): Promise<BackupWorld> {
  const world = await backupWorld(postgres);
  await must(world.as('ada', 'customer add sofia@firm.com --reason "new"'));
  await must(world.as('olu', 'incident declare "Upgrades hang" --severity sev2'));
  while ((await sealNext(world)) > 0);
  await world.backup();
  world.clock.advance(10 * MINUTE_MS);
  return world;
}

describe.skipIf(lacksPostgresTools('restoring backups'))('what a restore carries over', () => {
  test('the break-glass under which it was done, with its timers and its audit: the review is still owed', async () => {
    const world = await backedUp();
    await must(world.as('olu', 'break-glass start --reason "nobody is there" --ticket INC-7'));
    await must(world.as('olu', 'backup restore --reason "the ledger is damaged" --ticket INC-7'));
    const { knex } = world.database;
    const before = await knex('timers').where('kind', 'like', 'glass%').orderBy('kind');
    expect(before.length).toBeGreaterThan(0);
    expect((await world.carry()).step).toBe('catching_up');

    const sql = world.database.knex;
    const glasses = await sql('break_glass');
    expect(glasses).toMatchObject([{ person: 'olu', reviewed_at: null, ended_at: null }]);
    expect(await sql('timers').where('kind', 'like', 'glass%').orderBy('kind')).toEqual(before);
    const under = await sql('audit_events').where({ break_glass: glasses[0].id }).pluck('command');
    expect(under).toContain('backup restore');
    expect((await must(world.as('ada', 'break-glass list'))).out).toContain('Olu');
    while ((await sealNext(world)) > 0);
    expect((await verifyAudit(sql, world.clock.now())).problems).toEqual([]);
  });

  test('the incident during which it was done, what was said in it, and its clock; locks; and a report of the rest', async () => {
    const world = await backedUp();
    await must(world.as('olu', 'incident note INC-1 "The ledger is damaged, too"'));
    await must(world.as('olu', 'incident declare "The ledger is damaged" --severity sev1'));
    await must(world.as('bea', 'customer lock sofia@firm.com --reason "stolen card"'));
    await must(world.as('ada', 'credits grant sofia@firm.com 30 --reason "lost upload"'));
    const read = async () => ({
      incidents: await world.database.knex('incidents').orderBy('number'),
      entries: (await world.database.knex('incident_entries').pluck('id')).sort(),
      timers: await world.database.knex('timers').where('kind', 'like', 'incident%').orderBy('id'),
      cards: await world.database.knex('cards').where('key', 'like', 'incident%').orderBy('key'),
    });
    await world.approved();
    const before = await read();
    expect(before.incidents).toHaveLength(2);
    const row = await world.carry();
    expect(row.step).toBe('catching_up');

    const after = await read();
    expect(after.incidents).toEqual(before.incidents);
    expect(after.timers).toEqual(before.timers);
    expect(after.cards).toEqual(before.cards);
    expect(after.entries).toEqual(expect.arrayContaining(before.entries));
    await must(world.as('olu', 'incident declare "Another one" --severity sev3'));
    expect(await world.database.knex('incidents').max({ last: 'number' }).first()).toEqual({ last: 3 });

    expect(await world.database.knex('customer_locks')).toMatchObject([{ reason: 'stolen card' }]);
    expect(await world.database.knex('entitlements').first('access')).toEqual({ access: 'locked' });
    const lines = await reportOf(world, row);
    expect(lines).toContain('Bea: customer lock (stolen card): sofia@firm.com. Carried over');
    expect(lines).toMatch(/Ada: credits grant \(lost upload\): sofia@firm.com, count 30/);
    expect(lines).not.toMatch(/incident|approval approve/);
    expect(readRestoreFacts(row).lost?.acts).toBe(2);
  });
});

async function reportOf(world: Pick<BackupWorld, 'database'>, row: RestoreRow): Promise<string> {
  const card = await restoreCard(world.database.knex, row.id);
  const lines = card?.reply.sections?.find(({ heading }) => heading?.startsWith('Done after'))?.lines ?? [];
  return lines.map((line) => line.filter((value) => typeof value === 'string').join(' ')).join('\n');
}

async function letGo(world: EffectsWorld): Promise<void> {
  const { knex } = world.database;
  const held = await listHeldEffects(knex, 9);
  await releaseHeldEffects(
    knex,
    held.map(({ id }) => id),
    world.clock.now(),
  );
}

// The engines differ only in what is tried above.
describe.skipIf(testEngine !== 'sqlite')('money between the backup and the restore', () => {
  test('what was approved after the backup is held, what Stripe took is followed, and neither is sent again', async () => {
    const world = await effectsWorld();
    const { backup, restore } = await backupsOf(world);
    await backup();
    world.clock.advance(MINUTE_MS);
    const sent = await world.approve(refundOf(world.pay()));
    await world.work();
    expect(await world.states(sent)).toEqual(['sent']);
    const open = await world.approve(refundOf(world.pay()));
    const row = await restore();
    expect(readRestoreFacts(row).held).toMatchObject({ effects: 1 });
    await world.wait(60 * MINUTE_MS);
    expect(await world.states(sent)).toEqual(['confirmed']);
    expect(await world.states(open)).toEqual(['queued']);
    expect(world.posts()).toHaveLength(1);
    expect(await world.database.knex('findings').where({ kind: 'held_after_restore' })).toHaveLength(1);
    await letGo(world);
    await world.wait(60 * MINUTE_MS);
    expect(await world.states(open)).toEqual(['confirmed']);
    expect(world.posts()).toHaveLength(2);
  });

  test('let go, what was never sent stops at a fraud lock, and nothing ends without the money before it', async () => {
    const locked = await effectsWorld();
    const run = await locked.approve(refundOf(locked.pay()));
    const mine = await backupsOf(locked);
    await mine.backup();
    await mine.restore();
    await locked.database.knex('customer_locks').insert({
      id: 'lck_1',
      customer_id: 'cust_sofia',
      reason: 'stolen card',
      locked_at: locked.clock.now(),
      actor: 'bea',
      actor_name: 'Bea',
      correlation_id: 'c',
    });
    await letGo(locked);
    await locked.wait(10 * MINUTE_MS);
    expect(await locked.states(run)).toEqual(['failed']);
    expect(locked.posts()).toEqual([]);

    const world = await effectsWorld();
    const charge = world.pay();
    const [subscription] = [...world.stripe.world.tables.subscriptions.of(world.customer)];
    const both = await world.approve(refundOf(charge), {
      kind: 'cancel_subscription',
      subscriptionId: subscription?.id ?? '',
      at: 'now',
    });
    const { backup, restore } = await backupsOf(world);
    await backup();
    await restore();
    world.stripe.world.refund(charge, 1_000);
    await letGo(world);
    await world.wait(10 * MINUTE_MS);
    expect(await world.states(both)).toEqual(['failed', 'skipped']);
  });

  test('one of which nobody knew whether Stripe took it stays in doubt: a lock gives it up no more', async () => {
    const world = await effectsWorld();
    const charge = world.pay();
    const run = await world.approve(refundOf(charge));
    const { knex } = world.database;
    const now = world.clock.now();
    await knex('stripe_effects').update({ state: 'sending', first_sent_at: now, attempts: 1 });
    const { backup, restore } = await backupsOf(world);
    await backup();
    await restore();
    expect(await world.states(run)).toEqual(['queued']);
    await letGo(world);
    expect(await world.states(run)).toEqual(['unknown']);
  });

  test('who approves the release sees amount, customer, who asked and who approved; some can be let go alone', async () => {
    const world = await effectsWorld();
    const runs = [await world.approve(refundOf(world.pay())), await world.approve(refundOf(world.pay()))];
    const { backup, restore } = await backupsOf(world);
    await backup();
    await restore();
    const given = { database: world.database, url: '' };
    const people = await terminalWorld({ settings: raceSettings, given });
    const as = (user: string, line: string) =>
      people.lucy(`${line} --yes`, terminalActor(raceSettings, user));
    const shown = await as('bea', 'backup release --reason "looked through it" --dry-run');
    expect(shown.out).toContain('Refund $49.00');
    expect(shown.out).toMatch(/sofia@firm.com, asked by .*, approved by Bea \(charged twice\)/);
    expect(shown.out).toMatch(/In all:?\s+\$98\.00/);
    const [first] = await world.effects(runs[0] ?? '');
    const one = await as('bea', `backup release ${first?.id} --reason "this one" --json`);
    const { approval } = one.json<{ approval: string }>();
    expect((await as('bo', `approval approve ${approval} --reason "I looked, too"`)).code).toBe(0);
    await world.wait(10 * MINUTE_MS);
    expect([...(await world.states(runs[0] ?? '')), ...(await world.states(runs[1] ?? ''))]).toEqual([
      'confirmed',
      'queued',
    ]);
    expect((await as('bea', 'backup release eff_none --reason "this one"')).err).toContain('Not held back');
    expect(await world.database.knex('findings').where({ state: 'open' })).toHaveLength(1);
  });

  test('a list of credits and repairs that were on the way then wait for a person, too', async () => {
    const people = await terminalWorld({ settings: raceSettings });
    const as = (user: string, line: string) =>
      people.lucy(`${line} --yes`, terminalActor(raceSettings, user));
    const { knex } = people.database;
    const now = people.clock.now();
    await knex('batches').insert({
      id: 'bat_1',
      run_id: 'run_1',
      command: 'credits import',
      subject: 'credits.csv',
      state: 'running',
      total: 1,
      cause: '{}',
      correlation_id: 'c',
      created_at: now,
    });
    await knex('reconcile_runs').insert({
      id: 'rec_1',
      mode: 'test',
      state: 'done',
      actor: 'bea',
      actor_name: 'Bea',
      reason: 'x',
      correlation_id: 'c',
      started_at: now,
      progress_at: now,
      ended_at: now,
    });
    await knex('reconcile_findings').insert({
      id: 'rcf_1',
      run_id: 'rec_1',
      kind: 'tier',
      subject: 's',
      evidence: '{}',
      action: 'Fetch.',
      state: 'open',
      apply_run: 'run_2',
      found_at: now,
    });
    const { backup, restore } = await backupsOf(people);
    await backup();
    const { facts } = await restore();
    expect(JSON.parse(facts).held).toMatchObject({ batches: 1, repairs: 1, effects: 0 });
    const taken = { token: 't', now: now + 1_000 * MINUTE_MS, until: now + 2_000 * MINUTE_MS };
    const sql = people.database.knex;
    expect([await claimBatch(sql, taken), await claimRepair(sql, taken)]).toEqual([undefined, undefined]);
    const asked = await as('bea', 'backup release --reason "looked through it" --json');
    const { approval } = asked.json<{ approval: string }>();
    await as('bo', `approval approve ${approval} --reason "I looked, too"`);
    expect(await claimBatch(sql, taken)).toMatchObject({ id: 'bat_1' });
    expect(await claimRepair(sql, taken)).toMatchObject({ id: 'rcf_1' });
  });
});
