import { expect, test } from 'vitest';
import { markDirty } from '#db/customer-sync.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { carryRepairs } from '#src/reconciliation/carry-repairs.ts';
import type { ReconcileDeps } from '#src/reconciliation/deps.ts';
import { type Finding, reconcileWorld } from '#test/world/reconcile-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Sofia has Pro on both sides; what happens at Stripe from now on, no webhook tells. */
async function quietWorld() {
  const world = await reconcileWorld();
  const { customer, stripe, work, clock, as, findings, run, lost } = world;
  const id = await customer('sofia');
  const sub = stripe.world.subscribe(id, 'pro_monthly').id;
  await stripe.idle();
  await work();
  clock.advance(HOUR_MS);
  return {
    ...world,
    id,
    sub,
    /** Found by a run, and its repair approved. */
    async approved(kind: string, happening: () => unknown): Promise<string> {
      await lost(happening);
      clock.advance(HOUR_MS);
      const rec = await run();
      const asked = await as('bo', `reconcile apply ${rec} --kind ${kind} --reason "lost" --json`);
      if (asked.code !== 4) throw new Error(`${asked.out}${asked.err}`);
      const { approval } = asked.json<{ approval: string }>();
      await as('bea', `approval approve ${approval} --reason "checked"`);
      return rec;
    },
    async finding(kind: string): Promise<Finding | undefined> {
      return (await findings()).find((row) => row.kind === kind);
    },
  };
}

/** Stripe as it is, but for how a customer’s subscriptions are listed. */
function listing(recon: ReconcileDeps, list: ReconcileDeps['stripe']['listSubscriptions']): ReconcileDeps {
  return { ...recon, stripe: { ...recon.stripe, listSubscriptions: list } };
}

test('what was approved as an upgrade is not done as a downgrade; the audit and the notes say so', async () => {
  const { approved, finding, stripe, sub, lost, repair, show, database, lucy } = await quietWorld();
  await lucy('incident declare "webhooks are lost" --severity sev2 --yes');
  const rec = await approved('wrong_tier', () => stripe.world.changePlan(sub, 'enterprise_monthly'));
  await lost(() => stripe.world.changePlan(sub, 'starter_monthly'));

  await repair();

  const refused = await finding('wrong_tier');
  expect(refused?.state).toBe('refused');
  expect(refused?.outcome).toContain(
    'not what was approved: Fetch the customer from Stripe anew: tier pro → starter',
  );
  expect(refused?.outcome).toContain('reconcile run sofia@firm.com');
  expect((await show('sofia@firm.com')).tier).toBe('pro');
  expect(await database.knex('audit_events').where({ command: 'reconcile apply', surface: 'job' })).toEqual([
    expect.objectContaining({ outcome: 'refused', after: expect.stringContaining('not what was approved') }),
  ]);
  const notes = await database.knex('incident_entries').where({ kind: 'reconciliation' });
  expect(notes.map(({ text }: { text: string }) => text)).toContain(
    `Bo’s reconcile apply of ${rec} ended: 1 refused.`,
  );
});

test('what differs in another way by now is not called right, and nothing is done', async () => {
  const { approved, finding, stripe, sub, lost, repair, show } = await quietWorld();
  await approved('wrong_tier', () => stripe.world.changePlan(sub, 'starter_monthly'));
  await lost(() => stripe.world.cancelNow(sub));

  await repair();

  expect(await finding('wrong_tier')).toMatchObject({
    state: 'refused',
    outcome: 'It differs in another way now, so nothing was done. Look again: reconcile run sofia@firm.com',
  });
  expect((await show('sofia@firm.com')).tier).toBe('pro');
});

test('a difference is put right when the workers were there, and not when they were asked', async () => {
  const { approved, finding, stripe, sub, recon, work, clock, as, database } = await quietWorld();
  const rec = await approved('wrong_tier', () => stripe.world.changePlan(sub, 'starter_monthly'));
  const version = async () =>
    (await database.knex('reconcile_runs').where({ id: rec }).first('version')).version;
  const before = await version();

  for (let looks = 0; looks < 5; looks++) {
    await carryRepairs(recon);
    clock.advance(MINUTE_MS);
  }
  expect(await finding('wrong_tier')).toMatchObject({
    state: 'open',
    outcome: 'The customer is being fetched from Stripe anew.',
  });
  expect((await as('bea', `reconcile show ${rec}`)).out).toContain('1 being put right');
  expect(await version()).toBe(before);

  await work();
  clock.advance(MINUTE_MS);
  await carryRepairs(recon);
  expect((await finding('wrong_tier'))?.state).toBe('applied');
  expect(await version()).toBe(before + 1);
});

test('workers who never come are told of after a day, with their last trouble', async () => {
  const { approved, finding, stripe, sub, recon, deps, clock } = await quietWorld();
  await approved('wrong_tier', () => stripe.world.changePlan(sub, 'starter_monthly'));
  await carryRepairs(recon);
  const broken = listing(recon, () => Promise.reject(new Error('Stripe answered what nobody understands')));
  await syncNext({ ...deps, stripe: broken.stripe });
  clock.advance(25 * HOUR_MS);

  await carryRepairs(recon);

  const refused = await finding('wrong_tier');
  expect(refused?.state).toBe('refused');
  expect(refused?.outcome).toContain(
    'could not be fetched anew for a day. The last trouble was: Stripe answered what nobody understands.',
  );
});

test('credits that are asked for while a pass is under way are settled by the next', async () => {
  const { approved, finding, stripe, id, recon, deps, clock, work, show, database } = await quietWorld();
  await approved('credits_excess', () =>
    stripe.world.refund(stripe.world.lastPaidChargeOf(id)?.id ?? '', null),
  );
  // A look at her invoice alone, which says nothing of refunds.
  await database.knex('stripe_events').where({ type: 'invoice.paid' }).update({ status: 'received' });
  await markDirty(database.knex, id, 5);
  let isAsked = false;
  const slow = {
    ...deps,
    stripe: {
      ...deps.stripe,
      async getInvoice(invoice: string) {
        const read = await deps.stripe.getInvoice(invoice);
        if (!isAsked) await carryRepairs(recon);
        isAsked = true;
        clock.advance(500);
        return read;
      },
    },
  };

  await syncNext(slow);
  clock.advance(MINUTE_MS);
  await carryRepairs(recon);
  expect(isAsked).toBe(true);
  expect((await finding('credits_excess'))?.state, 'that pass had read her before').toBe('open');
  expect((await show('sofia@firm.com')).credits.balance).toBe(500);

  await work();
  clock.advance(MINUTE_MS);
  await carryRepairs(recon);
  expect(await finding('credits_excess')).toMatchObject({ state: 'applied' });
  expect((await show('sofia@firm.com')).credits.balance).toBe(0);
});

test('a repair that fails for a defect ends after some tries, and says what to do', async () => {
  const { approved, finding, stripe, sub, recon, clock } = await quietWorld();
  await approved('wrong_tier', () => stripe.world.changePlan(sub, 'starter_monthly'));
  let tries = 0;
  const broken = listing(recon, () => {
    tries += 1;
    return Promise.reject(new TypeError('Cannot read properties of undefined'));
  });
  for (let looks = 0; looks < 20; looks++) {
    await carryRepairs(broken);
    clock.advance(HOUR_MS);
  }
  expect(tries).toBe(5);
  const refused = await finding('wrong_tier');
  expect(refused?.state).toBe('refused');
  expect(refused?.outcome).toMatch(/^It failed 5 times: .*\. Find the cause in the log/);
});

test('Stripe away counts against nobody, and the others are not tried meanwhile', async () => {
  const { approved, finding, stripe, sub, recon, clock, repair, customer } = await quietWorld();
  const nora = await customer('nora');
  await approved('wrong_tier', () => {
    stripe.world.changePlan(sub, 'starter_monthly');
    stripe.world.subscribe(nora, 'pro_monthly');
  });
  let calls = 0;
  const away = listing(recon, () => {
    calls += 1;
    return Promise.reject(new StripeAway('Stripe is down'));
  });
  for (let looks = 0; looks < 20; looks++) {
    await carryRepairs(away);
    clock.advance(MINUTE_MS);
  }
  expect(calls).toBe(20);
  expect((await finding('wrong_tier'))?.outcome).toBe('Not yet: Stripe is down');
  await repair();
  expect((await finding('wrong_tier'))?.state).toBe('applied');
});

test('a late failure does not change what was decided meanwhile', async () => {
  const { approved, finding, stripe, sub, recon, clock, repair } = await quietWorld();
  await approved('wrong_tier', () => stripe.world.changePlan(sub, 'starter_monthly'));
  const slow = listing(recon, async () => {
    // So slow that its lease ends, and another process has all the time that it needs.
    clock.advance(MINUTE_MS);
    await repair();
    throw new StripeAway('Stripe is down');
  });

  await carryRepairs(slow);

  expect(await finding('wrong_tier')).toMatchObject({
    state: 'applied',
    outcome: expect.not.stringContaining('Not yet'),
  });
});

test.each([1, 4])('%s processes ask Stripe once for each repair, at the shared pace', async (processes) => {
  const { approved, stripe, customer, recon, database } = await quietWorld();
  const ids = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => customer(name)));
  await approved('paid_not_provisioned', () => {
    for (const id of ids) stripe.world.subscribe(id, 'pro_monthly');
  });
  const calls: string[] = [];
  const counted = listing(recon, async (id) => {
    calls.push(id);
    await new Promise((resolve) => setTimeout(resolve, 30));
    return recon.stripe.listSubscriptions(id);
  });
  const turns = async () => Number((await database.knex('rate_budgets').first('next_at_us')).next_at_us);
  const before = await turns();

  await Promise.all(Array.from({ length: processes }, () => carryRepairs(counted)));

  expect(calls.sort()).toEqual(ids);
  expect(await turns()).toBeGreaterThan(before);
});
