import { expect, test } from 'vitest';
import { dunningWorld } from '#test/world/dunning-world.ts';
import { sofiaAtStripe } from '#test/world/refund-world.ts';

test('an invoice that staff wrote by hand fails: no grace, no mail, and access as before', async () => {
  const world = await dunningWorld();
  const invoice = world.stripe.world.renew(world.subscription, { payment: 'later' });
  if (invoice) {
    invoice.billing_reason = 'manual';
    invoice.parent = null;
    world.stripe.world.finishRenewal(invoice.id, 'declined');
  }
  await world.booked();

  expect(world.stripe.world.subscription(world.subscription).status).toBe('active');
  expect(await world.database.knex('grace_periods')).toEqual([]);
  expect(await world.post()).toEqual([]);
  expect((await world.lucy('customer show sofia@firm.com --json')).json()).toMatchObject({
    tier: 'pro',
    access: 'full',
  });
});

test('the feed tells when Stripe tries again, and that it will not', async () => {
  const again = await dunningWorld();
  await again.fails();
  const facts = async (world: typeof again) => {
    const [payload] = await world.database
      .knex('outbox')
      .where({ target: 'entitlements' })
      .where('payload', 'like', '%Grace until%')
      .pluck('payload');
    return JSON.parse(payload).facts;
  };
  expect(await facts(again)).toContainEqual({
    label: 'Stripe tries again',
    value: { at: expect.any(Number) },
  });

  const never = await dunningWorld();
  await never.fails({ last: true });
  expect(await facts(never)).toContainEqual({ label: 'Stripe tries again', value: 'No: none left' });
});

test('Stripe gives up before our deadline: the customer hears of it, and of a cancellation nothing', async () => {
  const unpaid = await dunningWorld();
  await unpaid.fails();
  await unpaid.post();
  unpaid.stripe.world.giveUp(unpaid.subscription, 'unpaid');
  await unpaid.booked();
  expect(await unpaid.post()).toEqual(['Your access to Acme has changed']);

  const canceled = await dunningWorld();
  await canceled.fails();
  await canceled.post();
  canceled.stripe.world.giveUp(canceled.subscription, 'cancel');
  await canceled.booked();
  expect(await canceled.post()).toEqual([]);
});

test('paid after its subscription had ended: a finding, no credits, and no thanks', async () => {
  const world = await dunningWorld();
  const invoice = await world.fails();
  await world.post();
  world.stripe.world.giveUp(world.subscription, 'cancel');
  await world.booked();
  await world.after(3_600_000);
  world.stripe.world.payInvoice(invoice);
  await world.booked();

  expect(await world.database.knex('findings').where({ kind: 'paid_after_cancel' })).toHaveLength(1);
  const shown = (await world.lucy('customer show sofia@firm.com --json')).json<{
    credits: { balance: number };
  }>();
  expect(shown.credits.balance).toBe(500);
  expect(world.stripe.world.tables.customers.get(sofiaAtStripe)).toBeDefined();
});
