import { expect, test } from 'vitest';
import { createLog } from '#src/core/log.ts';
import { effectChanged } from '#src/runner/end-carried-run.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import { type RefundWorld, refundWorld, sofiaAtStripe } from '#test/world/refund-world.ts';

const why = '--reason "asked by mail" --ticket ZD-851';

async function subscribed() {
  const world = await refundWorld();
  const bought = world.subscribed();
  await world.booked();
  return { ...world, ...bought };
}

/** The worker carries what was decided to Stripe, and Lucy hears what came of it. */
async function carried(world: RefundWorld): Promise<void> {
  const { settings } = world.runner;
  const deps = {
    database: world.database,
    stripe: world.gateway,
    clock: world.clock,
    log: createLog('silent'),
    random: () => 0.5,
    onChange: (sql, cause, effect, before) => effectChanged(sql, settings, cause, effect, before),
  } satisfies Parameters<typeof carryEffects>[0];
  for (let looks = 0; looks < 20; looks++) {
    await carryEffects(deps);
    world.clock.advance(1_000);
  }
  await world.booked();
}

const runs = (world: RefundWorld) =>
  world.database.knex('runs').where({ command: 'subscription cancel' }).orderBy('created_at').pluck('state');

const tier = async (world: RefundWorld) =>
  (await world.as('ada', 'customer show sofia@firm.com --json')).json<{ tier: string }>().tier;

test('Bea ends a subscription with its period by one click, and it is done when Stripe confirms it', async () => {
  const world = await subscribed();

  const typed = await world.as('bea', `subscription cancel sofia@firm.com ${why}`);

  expect(typed.code, typed.err).toBe(0);
  expect(typed.out).toContain(
    `The end of ${world.subscription} of sofia@firm.com (with its period) is on its way`,
  );
  expect(typed.out).toMatch(/Subscription: active → ends 20\d\d-/);
  expect(await runs(world)).toEqual(['carrying']);
  expect(world.stripe.requests.every(({ method }) => method === 'GET')).toBe(true);

  await carried(world);

  expect(await runs(world)).toEqual(['done']);
  expect(world.stripe.world.subscription(world.subscription)).toMatchObject({
    status: 'active',
    cancel_at_period_end: true,
  });
  expect(await tier(world)).toBe('pro');
});

test('at once takes a second person, and then the tier goes', async () => {
  const world = await subscribed();

  const asked = await world.as('bea', `subscription cancel ${world.subscription} --at now ${why} --json`);
  expect(asked.code).toBe(4);
  expect(await world.database.knex('stripe_effects')).toEqual([]);
  const { approval } = asked.json<{ approval: string }>();
  const { out } = await world.as('bo', `approval show ${approval}`);
  expect(out).toContain('Tier: pro → free');
  expect(out).toContain('Bea may run “subscription cancel” alone with the paid period; this ends at once');
  await world.as('bo', `approval approve ${approval} --reason "lost dispute"`);
  await carried(world);

  expect(world.stripe.world.subscription(world.subscription).status).toBe('canceled');
  expect(await tier(world)).toBe('free');
  expect(await runs(world)).toEqual(['done']);
  expect((await world.as('bea', `subscription cancel ${world.subscription} ${why}`)).err).toContain(
    'has ended already, so nothing was changed',
  );
});

test('of several, one is chosen, with what was typed so far', async () => {
  const world = await subscribed();
  const second = world.stripe.world.subscribe(sofiaAtStripe, 'starter_monthly');
  await world.booked();

  const typed = await world.as('bea', `subscription cancel sofia@firm.com --at now ${why} --json`);

  expect(typed.code).toBe(2);
  const { error } = typed.json<{ error: { message: string; choices: { line: string }[] } }>();
  expect(error.message).toContain('sofia@firm.com has 2 subscriptions: which one is to end?');
  expect(error.choices.map(({ line }) => line).sort()).toEqual(
    [second.id, world.subscription]
      .map((id) => `subscription cancel ${id} --at=now '--reason=asked by mail' --ticket=ZD-851`)
      .sort(),
  );
  const preview = await world.as('bea', `subscription cancel ${second.id} ${why} --dry-run`);
  expect(preview.out).toContain(`Other subscriptions of sofia@firm.com go on: ${world.subscription}.`);
});

test('twice: what ends already does not end again, and what waits is said', async () => {
  const world = await subscribed();
  await world.as('bea', `subscription cancel ${world.subscription} ${why}`);

  const second = await world.as('bo', `subscription cancel ${world.subscription} ${why} --dry-run`);
  expect(second.out).toContain('and it is on its way to Stripe');
  await carried(world);
  const third = await world.as('bo', `subscription cancel ${world.subscription} ${why}`);

  expect(third.code).toBe(1);
  expect(third.err).toContain('ends already, on');
  expect(third.err).toContain('To end it at once, say --at now.');
});

test('the preview of a locked customer says that the lock stays', async () => {
  const world = await subscribed();
  await world.as('bea', 'customer lock sofia@firm.com --reason "stolen card"');

  const { out } = await world.as('bo', `subscription cancel ${world.subscription} --at now ${why} --dry-run`);

  expect(out).toContain('sofia@firm.com is locked for fraud by Bea since');
});

test('who pays outside Stripe is told how that ends', async () => {
  const world = await refundWorld();
  await world.as(
    'bea',
    'subscription set sofia@firm.com --type monthly --status active --reason "by invoice"',
  );

  const { err, code } = await world.as('bea', `subscription cancel sofia@firm.com ${why}`);

  expect(code).toBe(1);
  expect(err).toContain(
    'sofia@firm.com pays outside Stripe (monthly), so there is nothing to end at Stripe.',
  );
  expect(err).toContain('subscription set sofia@firm.com --type monthly --status canceled');
});

test.each([
  [
    'nothing to end',
    'bea',
    'sofia@firm.com',
    5,
    'sofia@firm.com has no subscription at Stripe that could end',
  ],
  ['an unknown subscription', 'bea', 'sub_none', 5, 'Stripe knows no subscription sub_none.'],
  ['an unknown customer', 'bea', 'gone@firm.com', 5, 'There is no customer gone@firm.com.'],
  ['a moment that is none', 'bea', 'sofia@firm.com --at soon', 2, 'Choose one of period_end, now.'],
  ['somebody from support', 'sam', 'sofia@firm.com', 3, 'needs the role billing'],
])('%s is refused', async (_what, user, words, code, sentence) => {
  const world = await refundWorld();

  const typed = await world.as(user, `subscription cancel ${words} ${why}`);

  expect([typed.code, typed.err]).toEqual([code, expect.stringContaining(sentence)]);
  expect(await runs(world)).toEqual([]);
});

test('a subscription of a Stripe customer that is linked to nobody is left alone, and it is said what to do', async () => {
  const world = await refundWorld();
  world.stripe.world.createCustomer({ id: 'cus_other', email: 'sofia@firm.com' });
  const { id } = world.stripe.world.subscribe('cus_other', 'pro_monthly');

  const { err, code } = await world.as('bea', `subscription cancel ${id} ${why}`);

  expect(code).toBe(1);
  expect(err).toContain(
    `${id} belongs to cus_other at Stripe, and Lucy does not know which customer that is.`,
  );
  expect(err).toContain('customer link EMAIL cus_other');
});

test('while Stripe is away nothing is asked for', async () => {
  const world = await subscribed();
  world.stripe.faults.add({ kind: 'refuse', times: 50 });

  const typed = await world.as('bea', `subscription cancel sofia@firm.com ${why}`);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain('Stripe does not answer right now, so nothing was changed.');
  expect(await runs(world)).toEqual([]);
});
