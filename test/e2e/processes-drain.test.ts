import { expect, test } from 'vitest';
import { type Fleet, startFleet } from '#test/world/fleet.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { grantingTo, spending } from '#test/world/spending.ts';

const SLOW_MS = 240_000;
const runs = testEngine === 'postgres';
const COUNT = 10;
const EMAIL = 'c0@firm.com';

const config = `
plans:
  - { lookup_key: pro_monthly, tier: pro, credits_per_period: 500 }
roles:
  support: { groups: [S0SUPPORT1] }
`;

/** One customer with credits; returns who they are at Stripe. */
async function addSpender(fleet: Fleet): Promise<string> {
  const [added] = await fleet.addCustomers(1);
  expect(await fleet.terminal(grantingTo(EMAIL))).toMatchObject({ code: 0 });
  return added?.stripe ?? '';
}

async function balanceOf({ database }: Fleet): Promise<number> {
  return Number((await database.knex('credit_accounts').first()).balance);
}

test.skipIf(!runs)(
  'SIGTERM under load: every process ends what it has and leaves with 0; nothing lost, nothing doubled',
  async () => {
    const fleet = await startFleet({ webs: 2, workers: 2 });
    await addSpender(fleet);
    const load = spending(fleet, EMAIL);
    const reached = (count: number) =>
      fleet.until(
        async () => load.spent.size,
        (size) => size >= count,
      );

    const ends: { role: string; code: number | null; ms: number }[] = [];
    for (const role of ['web', 'worker'] as const) {
      await reached(load.spent.size + COUNT);
      const [leaving] = fleet.members.filter((member) => member.role === role);
      if (!leaving) throw new Error('nobody is there');
      const since = performance.now();
      const code = await fleet.stop(leaving);
      ends.push({ role, code, ms: performance.now() - since });
      expect(leaving.logs.at(-1)).toMatchObject({ event: 'stopped' });
    }
    await reached(load.spent.size + COUNT);
    await load.end();

    expect(ends.map(({ role, code }) => ({ role, code }))).toEqual([
      { role: 'web', code: 0 },
      { role: 'worker', code: 0 },
    ]);
    for (const { ms } of ends) expect(ms).toBeLessThan(20_000);
    expect(await balanceOf(fleet)).toBe(10_000 - load.spent.size);
    // What was under way was answered; what came after found the port shut, and went elsewhere.
    expect([...load.statuses.keys()].filter((status) => ![0, 200].includes(status))).toEqual([]);
    process.stdout.write(
      `drain: ${load.spent.size} spent, 0 lost, 0 doubled; ${ends.map(({ role, ms }) => `${role} ${Math.round(ms)} ms`).join(', ')}\n`,
    );
  },
  SLOW_MS,
);

test.skipIf(!runs)(
  'SIGTERM after Slack was acknowledged: what was asked is answered before the process leaves',
  async () => {
    const fleet = await startFleet({ webs: 1, workers: 0, config });
    const { stripe, slack, terminal } = fleet;
    const { id } = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
    const adding = ['customer', 'add', 'sofia@firm.com', '--stripe', id, '--reason', 'new', '--yes'];
    expect(await terminal(adding)).toMatchObject({ code: 0 });
    const [web] = fleet.webs();
    if (!web) throw new Error('nobody is there');

    // Stripe thinks for a second, and Lucy is told to leave meanwhile.
    const left = Promise.withResolvers<number | null>();
    const stopHearing = stripe.onRequest(async () => {
      stopHearing();
      fleet.stop(web).then(left.resolve, left.reject);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    });
    await slack.as('sam').say('support', '/lucy payment portal-link sofia@firm.com');

    expect(await left.promise).toBe(0);
    expect(web.logs.at(-1)).toMatchObject({ event: 'stopped' });
    expect(slack.messages('support').map(({ reads }) => reads)).toContainEqual(
      expect.stringContaining('portal'),
    );
  },
  SLOW_MS,
);
