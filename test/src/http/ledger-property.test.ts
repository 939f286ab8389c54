import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ApiWorld, apiWorld } from '#test/world/api-world.ts';

/** What may happen to one customer's credits, in any order. */
const act = fc.oneof(
  fc.record({ kind: fc.constant('grant' as const), amount: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('lapsing' as const), amount: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('consume' as const), amount: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('hold' as const), amount: fc.integer({ min: 1, max: 20 }) }),
  fc.record({
    kind: fc.constant('settle' as const),
    amount: fc.integer({ min: 0, max: 20 }),
    which: fc.nat(9),
  }),
  fc.record({ kind: fc.constant('void' as const), amount: fc.constant(0), which: fc.nat(9) }),
  fc.record({ kind: fc.constant('reverse' as const), amount: fc.constant(0), which: fc.nat(9) }),
  fc.record({ kind: fc.constant('wait' as const), amount: fc.integer({ min: 1, max: 90 }) }),
);
type Act = { kind: string; amount: number; which?: number };

/** One customer's history; what the answers said is added up beside it. */
function historyOf(world: ApiWorld, email: string, run: number) {
  const holds: string[] = [];
  const grants: string[] = [];
  let counter = 0;
  let spent = 0;

  async function take({ kind, amount, which = 0 }: Act): Promise<void> {
    const name = `${run}-${++counter}`;
    if (kind === 'wait') {
      world.clock.advance(amount * 1_000);
      await world.timers();
    } else if (kind === 'grant' || kind === 'lapsing') {
      const expires = kind === 'lapsing' ? { expiresAt: world.clock.now() + 60_000 } : {};
      grants.push(await world.grant(amount, expires, email));
    } else if (kind === 'consume') {
      const { status } = await world.post('/api/credits/consume', { email, amount }, name);
      expect([200, 409]).toContain(status);
      if (status === 200) spent += amount;
    } else if (kind === 'hold') {
      const { status, json } = await world.post('/api/credits/holds', { email, amount, expiresIn: 60 }, name);
      expect([201, 409]).toContain(status);
      if (status === 201) holds.push(json.hold);
    } else if (kind === 'reverse') {
      const entry = grants[which % Math.max(grants.length, 1)];
      if (entry) await world.lucy(`credits reverse ${entry} --reason "a test" --yes`);
    } else {
      const hold = holds[which % Math.max(holds.length, 1)];
      if (!hold) return;
      const body = kind === 'settle' ? { amount } : {};
      const before = (await world.call('GET', `/api/credits/holds/${hold}`)).json;
      const { status, json } = await world.post(`/api/credits/holds/${hold}/${kind}`, body);
      expect([200, 400, 409]).toContain(status);
      if (status === 200 && before.state === 'open') spent += json.spent;
    }
  }

  async function check(): Promise<void> {
    expect(await world.unbalanced()).toBe(0);
    const { json } = await world.call('GET', `/api/entitlements?email=${email}`);
    const { balance, held, debt, spendable } = json.credits;
    expect(debt).toBe(0);
    expect(held).toBeLessThanOrEqual(balance);
    expect(spendable).toBeLessThanOrEqual(balance - held);
    const rows = await world.rows('credit_entries');
    const accounts = await world.rows('credit_accounts');
    const account = accounts.find((row) => row.customer_id === json.customer.id)?.id;
    const own = rows.filter((row) => row.account_id === account);
    const sum = (type?: string) =>
      own.filter((row) => !type || row.type === type).reduce((total, row) => total + Number(row.amount), 0);
    expect([sum(), sum('spend') + spent]).toEqual([balance, 0]);
  }

  return { take, check };
}

test('whatever happens in whatever order: balance = entries = lots, held = open holds, and what was answered was spent', async () => {
  const world = await apiWorld();
  let runs = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 18 }), async (acts) => {
      const run = ++runs;
      const email = `customer-${run}@firm.com`;
      expect((await world.call('PUT', `/api/customers/u-${run}`, { email })).status).toBe(200);
      const history = historyOf(world, email, run);
      for (const one of acts) {
        await history.take(one);
        await history.check();
      }
      // A minute later every hold has ended, and nothing stays set aside.
      world.clock.advance(60_000);
      await world.timers();
      await history.check();
      expect((await world.call('GET', `/api/entitlements?email=${email}`)).json.credits.held).toBe(0);
    }),
    { numRuns: 15 },
  );
}, 60_000);
