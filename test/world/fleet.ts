import { onTestFinished } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { type ProcessWorld, processWorld, type RunningLucy, startMain } from './processes.ts';
import type { TestRedis } from './redis.ts';

export type Role = 'web' | 'worker' | 'all';
export type Member = RunningLucy & { role: Role };

/**
 * Many Lucys as real processes on one database (and one Redis, where given), with a local Slack and a local Stripe that
 * send to the web processes in turn, as a load balancer would. Whoever is paused or killed is passed over.
 */
export type Fleet = Omit<ProcessWorld, 'lucy' | 'start'> & {
  /** A connection of the test's own, to look at rows. */
  database: Database;
  members: Member[];
  /** Customers with a link to Stripe each, as an import leaves them. */
  addCustomers(count: number): Promise<{ id: string; stripe: string; email: string }[]>;
  /** Starts one more; `home` is where another version of the program lies. */
  start(role: Role, env?: Record<string, string>, home?: string): Promise<Member>;
  /** Of those that run: the web processes, or the workers. */
  webs(): Member[];
  workers(): Member[];
  /** The next web process in turn, such as http://127.0.0.1:4711. */
  address(): string;
  /** Kills one, and counts it no more. */
  kill(member: Member): Promise<void>;
  /** Asks one to end, and tells with what it ended. */
  stop(member: Member): Promise<number | null>;
};

export type FleetOptions = {
  webs?: number;
  workers?: number;
  redis?: TestRedis | null;
  autoDeliver?: boolean;
  config?: string;
  env?: Record<string, string>;
  /** A database that somebody else made, such as one whose server can be restarted. */
  databaseUrl?: string;
};

/** What the tests themselves send to `/api`. */
export const API_KEY = 'fleet-key';

export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const members: Member[] = [];
  let turn = 0;
  const of = (role: Role) => members.filter((member) => member.role === role || member.role === 'all');
  const address = () => {
    const webs = of('web');
    const web = webs[turn++ % Math.max(webs.length, 1)];
    return `http://127.0.0.1:${web?.port ?? 9}`;
  };
  const { autoDeliver = false, config, databaseUrl } = options;
  const world = await processWorld({
    autoDeliver,
    address,
    ...(config === undefined ? {} : { config }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  const database = openDatabase(world.databaseUrl, { poolMax: 1, busyTimeoutMs: 5_000 });
  const forget = (member: Member) => void members.splice(members.indexOf(member), 1);
  onTestFinished(async () => {
    await Promise.all(members.map((member) => member.kill()));
    await database.close();
  });

  const fleet: Fleet = {
    slack: world.slack,
    stripe: world.stripe,
    databaseUrl: world.databaseUrl,
    env: {
      ...world.env,
      LUCY_API_KEYS: `product:${API_KEY}`,
      ...(options.redis ? { REDIS_URL: options.redis.url, ...options.redis.env } : {}),
      ...options.env,
    },
    terminal: world.terminal,
    show: world.show,
    until: world.until,
    database,
    members,
    async addCustomers(count) {
      const added = Array.from({ length: count }, (_none, at) => {
        const email = `c${at}@firm.com`;
        const { id: stripe } = world.stripe.world.createCustomer({ email, name: `C${at}` });
        return { id: `cust_${at}`, stripe, email };
      });
      const { knex } = database;
      await knex('customers').insert(added.map(({ id, email }) => ({ id, email, created_at: 1 })));
      await knex('customer_links').insert(
        added.map(({ id, stripe }) => ({
          stripe_customer_id: stripe,
          customer_id: id,
          proof: 'created_by_us',
          status: 'active',
          actor: 'test',
          created_at: 1,
        })),
      );
      return added;
    },
    async start(role, env = {}, home) {
      const args = role === 'all' ? [] : ['--role', role];
      const member = { ...(await startMain({ ...fleet.env, ...env }, args, home)), role };
      members.push(member);
      return member;
    },
    webs: () => of('web'),
    workers: () => of('worker'),
    address,
    async kill(member) {
      forget(member);
      await member.kill();
    },
    async stop(member) {
      forget(member);
      return member.stop();
    },
  };
  const { webs = 2, workers = 2 } = options;
  // One after the other: the first migrates and schedules, and on a small machine together is no sooner.
  for (let count = 0; count < webs; count++) await fleet.start('web');
  for (let count = 0; count < workers; count++) await fleet.start('worker');
  return fleet;
}
