import type { Database } from '#db/connection.ts';
import { storeEvents } from '#db/event-intake.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { ruleOf } from '#src/billing-events/event-types.ts';
import { readEvent } from '#src/billing-events/read-event.ts';
import { resolveEvents } from '#src/billing-events/resolve-events.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import type { SyncResult } from '#src/billing-events/turn.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import { createLog } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { makeBundles } from '#src/disputes/evidence/make-bundle.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { type StripeTruth, stripeTruth } from './stripe-truth.ts';
import { type TerminalWorld, terminalWorld } from './terminal-world.ts';

export type BillingWorld = TerminalWorld & {
  truth: StripeTruth;
  deps: BillingDeps;
  /** Stores an event as the webhook does. */
  receive(event: unknown): Promise<void>;
  /** Works until there is nothing to do now; returns what each pass came to. */
  drain(): Promise<SyncResult[]>;
  /** `customer show --json`. */
  show(email: string): Promise<Shown>;
  messages(target?: string): Promise<string[]>;
};

export type Shown = {
  tier: string;
  tierSource: string;
  access: string;
  pendingTier: string | null;
  credits: { balance: number; held: number; debt: number };
  creditEvents: { type: string; amount: number }[];
  entitlementChanges: { from: { tier: string }; to: { tier: string; access: string }; reason: string }[];
  findings: { kind: string; summary: string }[];
};

export type Customer = { email: string; stripe: string };

export const sofia: Customer = { email: 'sofia@firm.com', stripe: 'cus_sofia' };

/** The billing core on a database of its own, with a Stripe that a test writes the truth into. */
export async function billingWorld(
  options: { settings?: Settings; customers?: Customer[] } = {},
): Promise<BillingWorld> {
  const settings = options.settings ?? sampleSettings;
  const world = await terminalWorld({ settings });
  const truth = stripeTruth(world.clock.now);
  const deps: BillingDeps = {
    database: world.database,
    settings,
    stripe: truth.gateway,
    clock: world.clock,
    log: world.runner.log ?? createLog('silent'),
    mode: 'test',
    creditsSince: world.clock.now() - 1,
  };
  for (const customer of options.customers ?? [sofia]) {
    await world.lucy(
      `customer add ${customer.email} --stripe ${customer.stripe} --reason "new account" --yes`,
    );
  }
  return {
    ...world,
    truth,
    deps,
    receive: (event) => receive(world.database, event, world.clock.now()),
    drain: () => drain(deps),
    show: async (email) => (await world.lucy(`customer show ${email} --json`)).json<Shown>(),
    async messages(target = 'entitlements') {
      const rows: { payload: string }[] = await world.database.knex('outbox').where({ target }).orderBy('id');
      return rows.map((row) => JSON.parse(row.payload).title);
    },
  };
}

export async function drain(deps: BillingDeps): Promise<SyncResult[]> {
  const results: SyncResult[] = [];
  await runTimers(deps);
  await resolveEvents(deps);
  for (let passes = 0; passes < 1_000; passes++) {
    const result = await syncNext(deps);
    if (result === 'idle') break;
    results.push(result);
  }
  if (results.length === 1_000) throw new Error('The billing worker never came to rest');
  while ((await makeBundles(deps)) > 0);
  return results;
}

export async function receive(database: Database, value: unknown, now: number): Promise<void> {
  const event = readEvent(value);
  if (!event) throw new Error('Not an event');
  const payload = JSON.stringify(value);
  const rule = ruleOf(event.type);
  await storeEvents(database, [
    {
      ...event,
      receivedAt: now,
      source: 'webhook',
      secretSlot: 0,
      signatureHeader: null,
      payload,
      payloadSha256: sha256(payload),
      status: rule ? 'received' : 'ignored',
      correlationId: newCorrelationId(now),
      dirtyPriority: rule?.priority ?? 9,
    },
  ]);
}
