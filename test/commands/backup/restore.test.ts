import { describe, expect, test } from 'vitest';
import { readMaintenance } from '#db/maintenance.ts';
import { sealNext } from '#src/audit/seal.ts';
import { verifyAudit } from '#src/audit/verify.ts';
import { carryBackups } from '#src/backups/carry-backups.ts';
import { carryRestores } from '#src/backups/carry-restore.ts';
import type { CrashPoint } from '#src/backups/deps.ts';
import { restoreCard } from '#src/backups/restore-card.ts';
import { readRestoreFacts } from '#src/backups/restore-facts.ts';
import { type BackupWorld, backupWorld, mortal, must } from '#test/world/backup-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { lacksPostgresTools, useSystemPostgres } from '#test/world/system-postgres.ts';

const postgres = useSystemPostgres();
const MINUTE_MS = 60_000;

/** Sofia has 70 credits in the backup; ten minutes later 30 more, and then somebody damages the ledger. */
async function damaged(): Promise<BackupWorld> {
  const world = await backupWorld(postgres);
  await must(world.as('ada', 'customer add sofia@firm.com --reason "new"'));
  await must(world.as('ada', 'credits grant sofia@firm.com 70 --reason "lost upload"'));
  while ((await sealNext(world)) > 0);
  await world.backup();
  world.clock.advance(10 * MINUTE_MS);
  await must(world.as('ada', 'credits grant sofia@firm.com 30 --reason "one more lost"'));
  await world.database.knex('credit_accounts').update({ balance: 5_000 });
  return world;
}

async function balance(world: BackupWorld): Promise<number> {
  return (await world.database.knex('credit_accounts').first('balance')).balance;
}

describe.skipIf(lacksPostgresTools('restoring backups'))('backup restore', () => {
  test('Olu asks, Ada approves, and the whole database is as it was, with its run, its card and its report', async () => {
    const world = await damaged();
    const preview = await world.as('olu', 'backup restore --reason "damaged" --dry-run');
    expect(preview.out).toContain('Database: as it is now → as it was 10 minutes ago');
    expect(preview.out).toMatch(/1 act of people and 0 calls of the product after it will be gone/);

    const asked = await world.approved();
    expect(await balance(world)).toBe(5_000);
    const row = await world.carry();

    expect(await balance(world)).toBe(70);
    expect(row).toMatchObject({ id: asked.id, step: 'catching_up', error: null });
    const facts = readRestoreFacts(row);
    expect(facts.lost).toMatchObject({
      shown: expect.arrayContaining([
        expect.objectContaining({ what: 'credits grant', why: 'one more lost' }),
      ]),
    });
    expect(await readMaintenance(world.database.knex, world.clock.now())).toBeNull();

    // Who asked, who approved and why stand in the restored database, whose audit holds.
    const audit = await world.database
      .knex('audit_events')
      .where({ command: 'backup restore' })
      .orderBy('id');
    expect(audit.at(-1)).toMatchObject({
      actor_name: 'Olu',
      reason: 'the ledger is damaged',
      ticket: 'INC-7',
      outcome: 'done',
    });
    expect(audit.at(-1).approved_by).toContain('Ada');
    while ((await sealNext(world)) > 0);
    expect((await verifyAudit(world.database.knex, world.clock.now())).problems).toEqual([]);

    // What was there before is kept, can be verified, and the backup knows that it is one.
    while ((await carryBackups(world.deps)) > 0);
    const rows = await world.backups();
    expect(rows.map(({ id, why, state }) => [id, why, state])).toEqual([
      [row.backup_id, 'asked', 'verified'],
      [facts.safety?.id, 'restore', 'bad'],
    ]);

    // Nothing is at Stripe here, so a comparison that ended is all that is waited for.
    await world.database.knex('reconcile_runs').update({ state: 'done', ended_at: world.clock.now() });
    await world.database.knex('customer_sync').update({ synced_seq: world.database.knex.ref('dirty_seq') });
    world.clock.advance(MINUTE_MS);
    await carryRestores(world.deps);
    expect(await world.restore()).toMatchObject({ step: 'done' });
    expect(await world.database.knex('runs').where({ id: row.run_id }).first()).toMatchObject({
      state: 'done',
    });
    const card = await restoreCard(world.database.knex, row.id);
    expect(card?.reply.title).toContain('Lucy has caught up with Stripe');
    const shown = JSON.stringify(card?.reply.facts);
    expect(shown).toContain('Recovery point');
    expect(shown).toContain('Recovery time');
    expect(JSON.stringify(card?.reply.sections)).toContain('Ada: credits grant (one more lost)');
    // Going on afterwards is as ever.
    await must(world.as('ada', 'credits grant sofia@firm.com 30 --reason "again, after the restore"'));
    expect(await balance(world)).toBe(100);
  });

  test.skipIf(testEngine !== 'sqlite')(
    'nobody restores alone, who may not is refused, and a second restore waits for the first',
    async () => {
      const world = await damaged();
      const asked = await world.as('olu', 'backup restore --reason "damaged" --json');
      expect(asked.code).toBe(4);
      const { approval } = asked.json<{ approval: string }>();
      expect((await world.as('olu', `approval approve ${approval} --reason "it is urgent"`)).code).toBe(3);
      expect((await world.as('sam', 'backup restore --reason "x y"')).code).toBe(3);
      expect(await carryRestores(world.deps)).toBe(0);
      await must(world.as('ada', `approval approve ${approval} --reason "I see it"`));
      expect((await world.as('olu', 'backup restore --reason "damaged"')).err).toContain('restore of bkp_');
      expect(await balance(world)).toBe(5_000);
    },
  );

  // Only what is around the swap differs between the engines.
  const deaths: [CrashPoint, number][] = [
    ['maintenance on', 5_000],
    ['safety copy made', 5_000],
    ['restored beside', 5_000],
    ['intake closed', 5_000],
    ['swapped', 70],
  ];
  test.each(testEngine === 'sqlite' ? deaths : deaths.slice(-2))(
    'killed at “%s”: the database is the old one or the new one, and the next process goes on',
    async (at, then) => {
      const world = await damaged();
      await world.approved();
      await carryRestores(mortal(world.deps, at)).catch(() => {});
      expect(await balance(world)).toBe(then);
      // The lease of the dead, and with it the maintenance, ends by itself.
      world.clock.advance(3 * MINUTE_MS);
      expect(await readMaintenance(world.database.knex, world.clock.now())).toBeNull();
      const row = await world.carry();
      expect(row).toMatchObject({ step: 'catching_up', error: null });
      expect(await balance(world)).toBe(70);
      expect(await world.database.knex('restores')).toHaveLength(1);
      expect(await readMaintenance(world.database.knex, world.clock.now())).toBeNull();
    },
  );

  test.skipIf(testEngine !== 'sqlite')(
    'people worked between the safety copy and the swap: it is closed anew, and a new copy holds what they did',
    async () => {
      const world = await damaged();
      await world.approved();
      // Killed, and twenty minutes go by before another process looks.
      await carryRestores(mortal(world.deps, 'safety copy made')).catch(() => {});
      world.clock.advance(20 * MINUTE_MS);
      await must(world.as('ada', 'credits grant sofia@firm.com 30 --reason "meanwhile"'));
      // That one stands still for three minutes itself, with the maintenance running out in its hands.
      let isAsleep = true;
      const sleepy = {
        ...world.deps,
        crashPoint(name: CrashPoint) {
          if (name === 'restored beside' && isAsleep) world.clock.advance(3 * MINUTE_MS);
          if (name === 'restored beside') isAsleep = false;
        },
      };
      await carryRestores(sleepy);
      expect(await world.restore()).toMatchObject({ step: 'closed' });
      expect(await balance(world)).toBe(5_030);
      const meanwhile = world.clock.now();
      const row = await world.carry();
      expect(row).toMatchObject({ step: 'catching_up', error: null });
      expect(await balance(world)).toBe(70);
      const { safety } = readRestoreFacts(row);
      const copies = (await world.backups()).filter(({ why }) => why === 'restore');
      expect(copies).toHaveLength(3);
      expect(copies.find(({ id }) => id === safety?.id)?.reached_at).toBeGreaterThanOrEqual(meanwhile);
    },
  );

  test.skipIf(testEngine !== 'sqlite')(
    'a restore that stood still for over an hour is ended, and one whose file is away can be taken back',
    async () => {
      const world = await damaged();
      await world.approved();
      await carryRestores(mortal(world.deps, 'safety copy made')).catch(() => {});
      world.clock.advance(61 * MINUTE_MS);
      const late = await world.carry();
      expect(late).toMatchObject({ step: 'failed' });
      expect(late.error).toContain('more than an hour went by');
      expect(await balance(world)).toBe(5_000);

      const again = await world.approved();
      await world.database.knex('restores').where({ id: again.id }).update({ file: '/away/lucy.db' });
      await carryRestores(world.deps);
      expect(await world.restore()).toMatchObject({ id: again.id, step: 'asked', ended_at: null });
      await must(world.as('olu', 'backup restore --cancel --reason "that machine is gone"'));
      expect(await world.carry()).toMatchObject({
        id: again.id,
        step: 'failed',
        error: expect.stringContaining('Olu took it back before anything was replaced'),
      });
      expect(await world.database.knex('runs').where({ id: again.run_id }).first()).toMatchObject({
        state: 'failed',
      });
      expect((await world.as('olu', 'backup restore --cancel --reason "again"')).code).toBe(5);
    },
  );

  test('two processes: one restores, and it is restored once', async () => {
    const world = await damaged();
    await world.approved();
    const counts = await Promise.all([carryRestores(world.deps), carryRestores(world.deps)]);
    expect(counts.sort()).toEqual([0, 1]);
    const row = await world.carry();
    expect(row.step).toBe('catching_up');
    expect((await world.backups()).filter(({ why }) => why === 'restore')).toHaveLength(1);
  });

  test.skipIf(testEngine !== 'sqlite')(
    'while it goes on, changes are refused with when it ends, lookups work, and what was previewed is not carried out',
    async () => {
      const world = await damaged();
      await world.approved();
      await carryRestores(mortal(world.deps, 'maintenance on')).catch(() => {});

      const refused = await world.as('ada', 'credits grant sofia@firm.com 1 --reason "lost upload"');
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('Lucy is in maintenance: Olu restores the backup bkp_');
      expect(refused.err).toMatch(/it ends by itself at 2026-\d\d-\d\d \d\d:\d\d UTC/);
      expect((await world.as('sam', 'customer show sofia@firm.com')).code).toBe(0);
      const resumed = await world.as('olu', 'backup restore --resume --reason "it stands still" --json');
      expect(resumed.code).toBe(0);
    },
  );

  test.skipIf(testEngine !== 'sqlite')(
    'a backup that is bad is found out before anything is replaced, and the run says so',
    async () => {
      const world = await damaged();
      const row = await world.approved();
      const { appendFileSync } = await import('node:fs');
      appendFileSync(row.file, 'x');
      const ended = await world.carry();
      expect(ended).toMatchObject({ step: 'failed' });
      expect(ended.error).toContain('its checksum differs');
      expect(await balance(world)).toBe(5_000);
      expect(await readMaintenance(world.database.knex, world.clock.now())).toBeNull();
      const run = await world.database.knex('runs').where({ id: row.run_id }).first();
      expect(run).toMatchObject({ state: 'failed' });
      expect(run.reply).toContain('was not restored, and is as it was');
    },
  );

  test('a drill needs nobody’s yes, touches nothing, and says how far back and how long', async () => {
    const world = await damaged();
    const before = await world.database.knex('audit_events').count({ total: '*' }).first();
    const asked = await must(world.as('olu', 'backup restore --drill --reason "monthly drill" --json'));
    expect(asked.json()).toMatchObject({ restore: expect.stringMatching(/^rst_/) });
    await carryRestores(world.deps);
    const row = await world.restore();
    expect(row).toMatchObject({ kind: 'drill', step: 'done' });
    expect(await balance(world)).toBe(5_000);
    expect(await world.database.knex('maintenance')).toEqual([]);
    expect(before).toBeDefined();
    const run = await world.database.knex('runs').where({ id: row.run_id }).first();
    expect(JSON.parse(run.reply).json).toMatchObject({
      recoveryPointSeconds: 600,
      recoveryTimeSeconds: expect.any(Number),
      lost: { calls: 0 },
    });
    expect((await must(world.as('olu', 'backup list'))).out).toContain('The drill went well');
  });

  test('the safety copy can be restored like any other, and a restore that it holds half done does not go on', async () => {
    const world = await damaged();
    await world.database.knex('credit_accounts').update({ balance: 100 });
    await world.approved();
    const first = await world.carry();
    expect(await balance(world)).toBe(70);
    await world.database.knex('restores').update({ step: 'done', ended_at: world.clock.now() });
    const safety = readRestoreFacts(first).safety?.id ?? '';
    world.clock.advance(MINUTE_MS);
    while ((await carryBackups(world.deps)) > 0);
    await world.approved(`backup restore ${safety}`);
    const second = await world.carry();
    expect(second).toMatchObject({ step: 'catching_up', backup_id: safety });
    expect(await balance(world)).toBe(100);
    expect(await world.database.knex('restores').where({ id: first.id }).first()).toMatchObject({
      step: 'failed',
    });
  });
});
