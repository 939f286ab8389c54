import { expect, test } from 'vitest';
import { type Customer, sofia } from '#test/world/billing-world.ts';
import { detectorWorld, teamSettings } from '#test/world/detector-world.ts';
import { events, stripeDown } from '#test/world/stripe-truth.ts';

/** The grant step of one pass is lost; the mirror and the payment are there. */
async function paidWithoutGrant(
  world: Awaited<ReturnType<typeof detectorWorld>>,
  customer: Customer = sofia,
) {
  const { truth, receive, drain, database } = world;
  const subscription = truth.subscribe(customer.stripe, 'price_B');
  const invoice = truth.payInvoice(subscription.id);
  const { plans } = world.deps.settings;
  const before = plans.map((plan) => plan.credits_per_period);
  for (const plan of plans) plan.credits_per_period = 0;
  await receive(events.invoice('paid', invoice));
  await drain();
  for (const [index, plan] of plans.entries()) plan.credits_per_period = before[index] ?? 0;
  expect((await database.knex('credit_lots')).length).toBe(0);
  return invoice;
}

const own = () => structuredClone(teamSettings);

test('a payment whose grant is absent goes to backend engineering, and heals when it is booked anew', async () => {
  const world = await detectorWorld({ settings: own() });
  const invoice = await paidWithoutGrant(world);
  await world.watch(5);

  expect(await world.told()).toEqual([
    `#backend-engineering: sofia@firm.com paid ${invoice.id}, and 500 credits for it were not granted.`,
  ]);

  await world.lucy('tier reset sofia@firm.com --reason "book it anew" --yes');
  await world.drain();
  await world.watch(1);
  expect(await world.open()).toEqual([]);
  expect((await world.show(sofia.email)).credits.balance).toBe(500);
});

test('credits by hand heal nothing: whoever gives them is told that the payment still brings its own', async () => {
  const world = await detectorWorld({ settings: own() });
  const invoice = await paidWithoutGrant(world);
  const grant = 'credits grant sofia@firm.com 500 --reason "the grant is absent" --ticket ZD-1';
  const before = await world.lucy(`${grant} --dry-run`);
  await world.watch(5);

  const shown = await world.lucy(`${grant} --dry-run`);
  await world.lucy('credits grant sofia@firm.com 1 --reason "sorry for the wait" --ticket ZD-1 --yes');
  await world.watch(60);

  expect(before.out + before.err).not.toContain('not granted yet');
  expect(shown.out + shown.err).toContain(`The credits of the payment ${invoice.id} are not granted yet.`);
  expect(shown.out + shown.err).toContain(
    'use “tier reset sofia@firm.com”, or “webhook replay” with its event.',
  );
  expect(await world.open()).toEqual([`credits_not_granted ${invoice.id}`]);

  await world.lucy('tier reset sofia@firm.com --reason "book it anew" --yes');
  await world.drain();
  await world.watch(1);
  expect(await world.open()).toEqual([]);
  expect((await world.show(sofia.email)).credits.balance).toBe(501);
  expect((await world.lucy(`${grant} --dry-run`)).out).not.toContain('not granted yet');
});

test('nobody is accused while Stripe, which must say what was bought, is away', async () => {
  const world = await detectorWorld({ settings: own() });
  await paidWithoutGrant(world);
  world.truth.onCall = stripeDown;
  await world.watch(10);
  expect(await world.open()).toEqual([]);

  world.truth.onCall = () => {};
  await world.watch(1);
  expect(await world.open()).toHaveLength(1);
});

test('a grant that the ledger lost is found from the payment’s own number', async () => {
  const world = await detectorWorld({ settings: own() });
  const { truth, receive, drain, database } = world;
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice));
  await drain();
  await database.knex('credit_lots').update({ payment_id: 'in_other' });
  await world.watch(3);

  expect(await world.told()).toEqual([
    `#backend-engineering: sofia@firm.com paid ${invoice.id}, and 500 credits for it were not granted.`,
  ]);
});

test('what was paid before Lucy, after the end, or for nothing is right as it is', async () => {
  const world = await detectorWorld({ settings: own() });
  const { truth, receive, drain, clock } = world;
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  await receive(
    events.invoice('paid', truth.payInvoice(subscription.id, { paidAt: clock.now() - 86_400_000 })),
  );
  await receive(events.invoice('paid', truth.payInvoice(subscription.id, { amountPaid: 0 })));
  await drain();
  Object.assign(subscription, { status: 'canceled', endedAt: clock.now() });
  clock.advance(60_000);
  await receive(events.invoice('paid', truth.payInvoice(subscription.id)));
  await drain();
  await world.watch(5);

  expect(await world.open()).toEqual([]);
});
