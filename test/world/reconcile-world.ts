import { keepFirst } from '#db/installation.ts';
import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { terminalActor } from '#src/policy/people.ts';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { carryRepairs } from '#src/reconciliation/carry-repairs.ts';
import type { ReconcileDeps } from '#src/reconciliation/deps.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { raceSettings } from './race-settings.ts';
import { type RecoveryWorld, recoveryWorld } from './recovery-world.ts';
import type { Typed } from './terminal-world.ts';

export type ReconcileWorld = RecoveryWorld & {
  recon: ReconcileDeps;
  /** Somebody of the cast types it, and means it. */
  as(user: string, line: string): Promise<Typed>;
  /** A customer of ours and of Stripe's, linked. */
  customer(name: string): Promise<string>;
  /** Until everything that was begun is at its end. */
  carry(): Promise<void>;
  /** Begins a run as Bea and carries it to its end; its id. */
  run(flags?: string): Promise<string>;
  /** What it found: `kind subject state`, sorted. */
  found(id?: string): Promise<string[]>;
  findings(): Promise<Finding[]>;
  /** What was approved is put right, and the workers do their part. */
  repair(): Promise<void>;
  lost(happening: () => unknown): Promise<void>;
};

export type Finding = {
  id: string;
  run_id: string;
  kind: string;
  subject: string;
  state: string;
  outcome: string | null;
  evidence: string;
  action: string;
};

/** Lucy and the local Stripe, whose webhooks a test can lose; time goes by whenever somebody waits. */
export async function reconcileWorld(
  options: { reconcile?: object; creditsExpire?: 'period_end' } = {},
): Promise<ReconcileWorld> {
  const settings = {
    ...raceSettings,
    plans: sampleSettings.plans,
    credit_packs: sampleSettings.credit_packs,
    reconcile: settingsSchema.shape.reconcile.parse(options.reconcile ?? {}),
  };
  const base = await recoveryWorld({ settings });
  const { clock, database, stripe, deps } = base;
  await keepFirst(database.knex, 'first_started_at', String(clock.now()), clock.now());
  const recon: ReconcileDeps = {
    ...deps,
    creditsSince: clock.now() - 5 * MINUTE_MS,
    async pause(ms) {
      const at = clock.now() + ms;
      await new Promise((resolve) => setImmediate(resolve));
      if (clock.now() < at) clock.set(at);
    },
  };
  const carrier = createCarrier(recon);
  const as = (user: string, line: string) => base.lucy(`${line} --yes`, terminalActor(settings, user));
  const isOpen = async () =>
    (await database.knex('reconcile_runs').whereIn('state', ['running', 'waiting']).first('id')) !==
    undefined;
  const isQueued = async () =>
    (await database
      .knex('reconcile_findings')
      .where({ state: 'open' })
      .whereNotNull('apply_run')
      .first('id')) !== undefined;
  const world: ReconcileWorld = {
    ...base,
    recon,
    as,
    async customer(name) {
      const id = `cus_${name}`;
      stripe.world.createCustomer({ id, email: `${name}@firm.com`, name });
      await stripe.idle();
      await as('ada', `customer add ${name}@firm.com --stripe ${id} --reason "new account"`);
      await world.work();
      return id;
    },
    async carry() {
      for (let idle = 0; idle < 2_000; ) {
        if ((await carrier.carry()) > 0) continue;
        if (!(await isOpen())) return;
        clock.advance(5 * SECOND_MS);
        idle += 1;
      }
      throw new Error('The reconciliation never came to its end');
    },
    async run(flags = '') {
      const typed = await as(
        'bea',
        `reconcile run ${flags} --reason "webhooks were lost" --ticket INC-7 --json`,
      );
      if (typed.code !== 0) throw new Error(`${typed.out}${typed.err}`);
      await world.carry();
      return typed.json<{ reconciliation: string }>().reconciliation;
    },
    async found(id) {
      const query = database.knex('reconcile_findings');
      if (id) query.where({ run_id: id });
      const rows: Finding[] = await query;
      return rows.map(({ kind, subject, state }) => `${kind} ${subject} ${state}`).sort();
    },
    findings: () => database.knex('reconcile_findings').orderBy('id'),
    async repair() {
      for (let looks = 0; await isQueued(); looks++) {
        if (looks > 100) throw new Error('The repairs never came to their end');
        while ((await carryRepairs(recon)) > 0);
        await world.work();
        clock.advance(3 * SECOND_MS);
      }
    },
    async lost(happening) {
      stripe.loseWebhooks(true);
      await happening();
      await stripe.idle();
      stripe.loseWebhooks(false);
    },
  };
  return world;
}
