import type { Database } from '#db/connection.ts';
import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { detect } from '#src/detectors/detect.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { type BillingWorld, billingWorld, type Customer } from './billing-world.ts';

/** Every team of the runbook with a channel and a group of its own. */
export const teamSettings: Settings = {
  ...sampleSettings,
  teams: settingsSchema.shape.teams.parse({
    billing_engineering: { channel: '#billing-engineering', group: 'S0BILLENG01' },
    backend_engineering: { channel: '#backend-engineering', group: 'S0BACKEND01' },
    data_platform: { channel: '#data-platform', group: 'S0DATAPLT01' },
    devops: { channel: '#devops', group: 'S0DEVOPS001' },
    stripe_support: { channel: '#stripe-tickets' },
  }),
};

export type DetectorWorld = BillingWorld & {
  /** One look of all detectors, now. */
  look(): Promise<void>;
  /** Lets minutes go by, looking twice in each; the schedule looks four times. */
  watch(minutes: number): Promise<void>;
  /** Kinds of the open findings of detectors, with what they are about. */
  open(): Promise<string[]>;
  /** What each team was told, as the cards stood when they were last renewed: `channel: title`. */
  told(): Promise<string[]>;
};

const kinds = [
  'wrong_tier',
  'credits_not_granted',
  'credits_not_decrementing',
  'portal_error',
  'balance_stuck',
  'paid_without_change',
  'correlation_missing',
  'signatures_refused',
  'event_failed_twice',
];

/** The billing core with detectors that have begun to look. */
export async function detectorWorld(
  options: { settings?: Settings; customers?: Customer[] } = {},
): Promise<DetectorWorld> {
  const world = await billingWorld({ settings: teamSettings, ...options });
  const added = watching(world);
  await added.look();
  return { ...world, ...added };
}

/** What the detectors do in any world of the billing core. */
export function watching(
  world: Pick<BillingWorld, 'deps' | 'clock' | 'database'>,
): Pick<DetectorWorld, 'look' | 'watch' | 'open' | 'told'> {
  const { deps, clock, database } = world;
  const look = () => detect(deps);
  return {
    look,
    async watch(minutes) {
      for (let looks = 0; looks < minutes * 2; looks++) {
        clock.advance(30 * SECOND_MS);
        await look();
      }
    },
    async open() {
      const rows: { kind: string; subject: string }[] = await database
        .knex('findings')
        .where({ state: 'open' })
        .whereIn('kind', kinds)
        .orderBy(['kind', 'subject']);
      return rows.map((row) => `${row.kind} ${row.subject}`);
    },
    async told() {
      const rows: { target: string; payload: string }[] = await database
        .knex('outbox')
        .where('card_key', 'like', 'notice:%')
        .orderBy('id');
      return rows.map((row) => `${row.target}: ${JSON.parse(row.payload).title}`);
    },
  };
}

/**
 * From now on nothing that is written there arrives, as after a deployment that lost the step; returns what mends it.
 * Whoever writes is not told.
 */
export async function dropWrites(
  { knex, engine }: Database,
  table: string,
  act: 'insert' | 'update',
): Promise<() => Promise<void>> {
  const name = `lost_${act}_${table}`;
  if (engine === 'sqlite') {
    await knex.raw(`create trigger ${name} before ${act} on ${table} begin select raise(ignore); end`);
    return async () => void (await knex.raw(`drop trigger ${name}`));
  }
  await knex.raw(`create function ${name}() returns trigger language plpgsql as 'begin return null; end'`);
  await knex.raw(`create trigger ${name} before ${act} on ${table} for each row execute function ${name}()`);
  return async () => {
    await knex.raw(`drop trigger ${name} on ${table}`);
    await knex.raw(`drop function ${name}()`);
  };
}

export const minutes = (count: number) => count * MINUTE_MS;
