import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BackupRow } from '#db/backups.ts';
import type { RestoreRow } from '#db/restores.ts';
import { carryBackups } from '#src/backups/carry-backups.ts';
import { carryRestores } from '#src/backups/carry-restore.ts';
import type { BackupDeps, CrashPoint } from '#src/backups/deps.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { terminalActor } from '#src/policy/people.ts';
import { backupDepsOf } from '#src/runner/follow-backup.ts';
import { freshDatabase, testEngine } from './fresh-database.ts';
import { postgresTools, type useSystemPostgres } from './system-postgres.ts';
import { type TerminalWorld, type Typed, terminalWorld } from './terminal-world.ts';

export type BackupWorld = TerminalWorld & {
  folder: string;
  settings: Settings;
  deps: BackupDeps;
  as(user: string, line: string): Promise<Typed>;
  /** Makes and verifies whatever waits. */
  backup(): Promise<BackupRow>;
  /** Olu asks, Ada approves; nothing is carried out yet. Returns the restore. */
  approved(line?: string): Promise<RestoreRow>;
  /** One look after the other, until there is nothing left to do or the restore waits for others. */
  carry(deps?: BackupDeps): Promise<RestoreRow>;
  restore(): Promise<RestoreRow>;
  backups(): Promise<BackupRow[]>;
};

/** Everybody of the cast with a login, a folder for backups, and on Postgres a server whose pg_dump is here. */
export async function backupWorld(
  postgres: ReturnType<typeof useSystemPostgres>,
  options: {
    stripe?: StripeGateway;
    settings?: Record<string, unknown>;
    backups?: Record<string, unknown>;
  } = {},
): Promise<BackupWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-backups-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const settings = settingsSchema.parse({
    people: {
      sam: { name: 'Sam', terminal: 'sam', roles: ['support'] },
      bea: { name: 'Bea', terminal: 'bea', roles: ['billing'] },
      bo: { name: 'Bo', terminal: 'bo', roles: ['billing'] },
      olu: { name: 'Olu', terminal: 'olu', roles: ['oncall'] },
      ada: { name: 'Ada', terminal: 'ada', roles: ['admin'] },
    },
    approvals: { dwell: '0s' },
    plans: [{ lookup_key: 'pro_monthly', tier: 'pro', credits_per_period: 500 }],
    ...options.settings,
    backups: {
      folder,
      ...(testEngine === 'postgres' && postgresTools ? { postgres_tools: postgresTools } : {}),
      ...options.backups,
    },
  });
  const opened = testEngine === 'postgres' ? await postgres.open() : await freshDatabase();
  const stripe = options.stripe ? { stripe: options.stripe } : {};
  const world = await terminalWorld({ settings, given: opened, ...stripe });
  const { database } = world;
  const deps = backupDepsOf(world.runner, async () => {});
  const restore = async () => {
    const row: RestoreRow | undefined = await database.knex('restores').orderBy('id', 'desc').first();
    if (!row) throw new Error('There is no restore');
    return row;
  };
  const as = (user: string, line: string) => world.lucy(`${line} --yes`, terminalActor(settings, user));
  return {
    ...world,
    folder,
    settings,
    deps,
    as,
    restore,
    backups: () => database.knex('backups').orderBy('id'),
    async backup() {
      await must(as('olu', 'backup create --reason "a test needs it"'));
      while ((await carryBackups(deps)) > 0);
      const row: BackupRow | undefined = await database.knex('backups').orderBy('id', 'desc').first();
      if (!row) throw new Error('There is no backup');
      return row;
    },
    async approved(line = 'backup restore') {
      const asked = await as('olu', `${line} --reason "the ledger is damaged" --ticket INC-7 --json`);
      if (asked.code !== 4) throw new Error(`Nobody was asked: ${asked.code} ${asked.out}${asked.err}`);
      const { approval } = asked.json<{ approval: string }>();
      await must(as('ada', `approval approve ${approval} --reason "I see it, too"`));
      return restore();
    },
    async carry(mine = deps) {
      for (let looks = 0; looks < 20; looks++) {
        await carryRestores(mine);
        const row = await restore();
        if (row.ended_at !== null || row.step === 'catching_up') return row;
        world.clock.advance(60_000);
      }
      throw new Error(`It stands still: ${JSON.stringify(await restore())}`);
    },
  };
}

export async function must(typed: Promise<Typed>): Promise<Typed> {
  const said = await typed;
  if (said.code !== 0) throw new Error(`${said.code} ${said.out}${said.err}`);
  return said;
}

/** A process that dies at this place: whatever it would have done afterwards does not happen. */
export function mortal(deps: BackupDeps, at: CrashPoint): BackupDeps {
  let isDead = false;
  return {
    ...deps,
    get database() {
      if (isDead) throw new Error('This process is dead');
      return deps.database;
    },
    crashPoint(name) {
      if (name !== at) return;
      isDead = true;
      throw new Error('killed');
    },
  };
}
