import { expect, test } from 'vitest';
import { claimSuspect, findSuspect, settleSuspect } from '#db/reconcile-suspects.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { createCarrier } from '#src/reconciliation/carry.ts';
import type { ReconcileDeps } from '#src/reconciliation/deps.ts';
import { keepSuspects } from '#src/reconciliation/keep-suspects.ts';
import { type ReconcileWorld, reconcileWorld } from '#test/world/reconcile-world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

async function begin({ as }: ReconcileWorld): Promise<string> {
  const typed = await as('bea', 'reconcile run --reason "a test" --json');
  return typed.json<{ reconciliation: string }>().reconciliation;
}

/** Carries a run to its end with a Stripe that is not as it should be. */
async function carryWith({ database, clock }: ReconcileWorld, recon: ReconcileDeps): Promise<void> {
  const carrier = createCarrier(recon);
  const isOpen = async () =>
    (await database.knex('reconcile_runs').whereNull('ended_at').first('id')) !== undefined;
  for (let looks = 0; await isOpen(); looks++) {
    if (looks > 2_000) throw new Error('It never came to its end');
    if ((await carrier.carry()) === 0) clock.advance(5 * SECOND_MS);
  }
}

test('what a page says while the suspect is looked at is looked at, too, and at once', async () => {
  const world = await reconcileWorld();
  const { database, clock } = world;
  const id = await begin(world);
  const sql = database.knex;
  const now = clock.now();
  await keepSuspects(sql, id, [{ subject: 'cus_a', hint: null }], now);
  const claim = (token: string) => claimSuspect(sql, id, { token, now, until: now + 30_000 });
  const held = await claim('one');
  if (!held) throw new Error('Nobody is suspect');
  const more = { payments: [{ id: 'in_1', sessionId: null }] };
  await keepSuspects(sql, id, [{ subject: 'cus_a', hint: more }], now);

  expect(await settleSuspect(sql, held, { state: 'done', attempts: 0, error: null })).toBe(false);

  expect((await findSuspect(sql, id, 'cus_a'))?.state).toBe('open');
  const again = await claim('two');
  expect(JSON.parse(again?.hint ?? '{}')).toEqual(more);
  expect(again && (await settleSuspect(sql, again, { state: 'done' }))).toBe(true);
});

test('whoever waits in the backlog is no finding, costs no call, and is counted', async () => {
  const world = await reconcileWorld();
  const { customer, stripe, clock, recon, found, work, as, run, database } = world;
  const id = await customer('sofia');
  stripe.world.subscribe(id, 'pro_monthly');
  await stripe.idle();
  clock.advance(SECOND_MS);
  let calls = 0;
  const counting = {
    ...recon.stripe,
    listSubscriptions(subject: string) {
      calls += 1;
      return recon.stripe.listSubscriptions(subject);
    },
  };
  const rec = await begin(world);
  await carryWith(world, { ...recon, stripe: counting });

  expect(await found(rec)).toEqual([]);
  expect(calls).toBe(0);
  const shown = (await as('bea', `reconcile show ${rec}`)).out;
  expect(shown).toContain('nothing new in 1 subscription');
  expect(shown).toContain('1 customer whose events still waited here');
  expect((await database.knex('reconcile_runs').first('state')).state).toBe('done');

  await work();
  clock.advance(HOUR_MS);
  expect(await found(await run())).toEqual([]);
  expect((await as('bea', 'reconcile show')).out).toContain('everything agrees in 1 subscription');
});

test('whose pass fails is a finding', async () => {
  const world = await reconcileWorld();
  const { customer, stripe, clock, deps, found, run } = world;
  const id = await customer('sofia');
  stripe.world.subscribe(id, 'pro_monthly');
  await stripe.idle();
  const broken = { ...deps.stripe, listSubscriptions: () => Promise.reject(new TypeError('a defect')) };
  expect(await syncNext({ ...deps, stripe: broken })).toBe('postponed');
  clock.advance(HOUR_MS);
  const kinds = (await found(await run())).map((row) => row.split(' ')[0]);
  expect(kinds).toEqual(['credits_missing', 'paid_not_provisioned']);
});

test('one customer who cannot be read is told of, and hides nobody else', async () => {
  const world = await reconcileWorld();
  const { customer, stripe, clock, lost, findings, recon, work, lucy, database, as } = world;
  const bad = await customer('bad');
  const sub = stripe.world.subscribe(bad, 'pro_monthly').id;
  await stripe.idle();
  await work();
  clock.advance(HOUR_MS);
  const others = await Promise.all(['olga', 'otto'].map((name) => customer(name)));
  await lost(() => {
    stripe.world.renew(sub);
    for (const id of others) stripe.world.subscribe(id, 'pro_monthly');
  });
  clock.advance(HOUR_MS);
  const poisoned = {
    ...recon.stripe,
    listSubscriptions: (id: string) =>
      id === bad
        ? Promise.reject(new TypeError('Cannot read properties of undefined'))
        : recon.stripe.listSubscriptions(id),
  };
  const rec = await begin(world);
  await carryWith(world, { ...recon, stripe: poisoned });

  expect(await database.knex('reconcile_runs').first('state', 'error')).toEqual({
    state: 'done',
    error: null,
  });
  const rows = await findings();
  expect(rows.map(({ kind }) => kind).sort()).toEqual([
    'credits_missing',
    'credits_missing',
    'paid_not_provisioned',
    'paid_not_provisioned',
    'unreadable',
  ]);
  const unread = rows.find(({ kind }) => kind === 'unreadable');
  expect(unread).toMatchObject({ subject: bad, state: 'ambiguous' });
  expect(unread?.action).toContain('then: reconcile run bad@firm.com');
  expect((await lucy('reconcile show')).out).toContain('could not be read, so nothing is known');
  const refused = await as('bo', `reconcile apply ${rec} --kind unreadable --reason "a test"`);
  expect(refused.code).toBe(3);
});

test('tries that Stripe was away for count against nobody: a defect after them has all its own', async () => {
  const world = await reconcileWorld();
  const { customer, stripe, clock, lost, findings, recon, database } = world;
  const id = await customer('sofia');
  await lost(() => stripe.world.subscribe(id, 'pro_monthly'));
  clock.advance(HOUR_MS);
  let asked = 0;
  const away = {
    ...recon.stripe,
    listSubscriptions(subject: string) {
      asked += 1;
      if (asked <= 8) return Promise.reject(new StripeAway('Stripe is down'));
      if (asked <= 12) return Promise.reject(new TypeError('a defect that passes'));
      return recon.stripe.listSubscriptions(subject);
    },
  };
  await begin(world);
  await carryWith(world, { ...recon, stripe: away });

  expect(asked).toBeGreaterThan(12);
  expect((await findings()).map(({ kind }) => kind).sort()).toEqual([
    'credits_missing',
    'paid_not_provisioned',
  ]);
  expect((await database.knex('reconcile_runs').first('state')).state).toBe('done');
});

test('a look that takes long keeps its lease, and nobody else looks meanwhile', async () => {
  const world = await reconcileWorld();
  const { customer, stripe, clock, lost, recon, found } = world;
  const nora = await customer('nora');
  await lost(() => stripe.world.subscribe(nora, 'pro_monthly'));
  clock.advance(HOUR_MS);
  let looks = 0;
  let looksOfOthers = 0;
  const slow: ReconcileDeps = {
    ...recon,
    stripe: {
      ...recon.stripe,
      async listSubscriptions(id) {
        looks += 1;
        if (looks === 1) {
          clock.advance(28 * SECOND_MS);
          await new Promise((resolve) => setTimeout(resolve, 2_300));
          // Longer than it was given at first.
          clock.advance(4 * SECOND_MS);
          await createCarrier(slow).carry();
          looksOfOthers = looks - 1;
        }
        return recon.stripe.listSubscriptions(id);
      },
    },
  };
  await begin(world);
  await carryWith(world, slow);

  expect(looksOfOthers).toBe(0);
  expect(await found()).toHaveLength(2);
});

test('a payment that cannot be read does not count as agreeing', async () => {
  const world = await reconcileWorld();
  const { customer, stripe, clock, lost, findings, recon, work } = world;
  const id = await customer('sofia');
  const sub = stripe.world.subscribe(id, 'pro_monthly').id;
  await stripe.idle();
  await work();
  clock.advance(HOUR_MS);
  await lost(() => stripe.world.renew(sub));
  clock.advance(HOUR_MS);
  const owed = stripe.world.subscriptionsOf(id)[0]?.latest_invoice;
  const poisoned = {
    ...recon.stripe,
    getInvoice: (invoice: string) =>
      invoice === owed
        ? Promise.reject(new TypeError('An invoice that nobody understands'))
        : recon.stripe.getInvoice(invoice),
  };
  await begin(world);
  await carryWith(world, { ...recon, stripe: poisoned });

  expect((await findings()).filter(({ kind }) => kind === 'unreadable')).toEqual([
    expect.objectContaining({ subject: owed, state: 'ambiguous' }),
  ]);
});

test('a dispute of which nobody heard is found, and credits are frozen by its repair', async () => {
  const { customer, stripe, clock, lost, work, as, show, repair, findings } = await reconcileWorld();
  const id = await customer('sofia');
  stripe.world.subscribe(id, 'pro_monthly');
  await stripe.idle();
  await work();
  clock.advance(HOUR_MS);
  await lost(() => stripe.world.openDispute(stripe.world.lastPaidChargeOf(id)?.id ?? ''));
  clock.advance(HOUR_MS);

  await as('bea', 'reconcile run sofia@firm.com --reason "a test"');
  const [disputed] = await findings();
  expect(disputed).toMatchObject({ kind: 'credits_excess', state: 'open' });
  expect(disputed?.evidence).toContain('500 credits can be spent');
  const asked = await as(
    'bo',
    `reconcile apply ${disputed?.run_id} --finding ${disputed?.id} --reason "lost" --json`,
  );
  const { approval } = asked.json<{ approval: string }>();
  await as('bea', `approval approve ${approval} --reason "checked"`);
  await repair();

  expect((await findings())[0]?.state).toBe('applied');
  expect((await show('sofia@firm.com')).credits).toMatchObject({ frozen: 500 });
  clock.advance(HOUR_MS);
  const again = await as('bea', 'reconcile run sofia@firm.com --reason "a test"');
  expect(again.out).toContain('Stripe and Lucy agree');
});

test('--resume looks again at once at whoever was tried in vain', async () => {
  const world = await reconcileWorld();
  const { database, clock, as } = world;
  const id = await begin(world);
  const sql = database.knex;
  await keepSuspects(sql, id, [{ subject: 'cus_a', hint: null }], clock.now());
  const tired = { attempts: 4, next_attempt_at: clock.now() + HOUR_MS, error: 'a defect' };
  await sql('reconcile_suspects').update(tired);
  await sql('reconcile_runs').update({ state: 'failed', ended_at: clock.now(), error: 'a defect' });

  expect((await as('bea', 'reconcile run --resume --reason "mended"')).code).toBe(0);

  expect(await findSuspect(sql, id, 'cus_a')).toMatchObject({ attempts: 0, next_attempt_at: 0, error: null });
});
