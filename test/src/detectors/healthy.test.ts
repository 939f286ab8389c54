import { expect, test } from 'vitest';
import { HOUR_MS } from '#src/core/clock.ts';
import { apiWorld } from '#test/world/api-world.ts';
import { watching } from '#test/world/detector-world.ts';
import { events, stripeDown } from '#test/world/stripe-truth.ts';

/** A day of everything that Lucy does when all is well, with looks in between: they may say nothing. */
test('a healthy busy world raises nothing', async () => {
  const world = await apiWorld();
  const { truth, receive, drain, lucy, clock, deps } = world;
  const { watch, open, told } = watching(world);
  const names = ['ann', 'ben', 'cyd', 'dee'];
  for (const name of names)
    await lucy(`customer add ${name}@firm.com --stripe cus_${name} --reason "new account" --yes`);
  await watch(1);
  const done = async (line: string) => expect((await lucy(`${line} --yes`)).code, line).toBe(0);
  const settle = async () => {
    await drain();
    await watch(2);
    await world.timers();
    await drain();
  };

  // Everybody subscribes; duplicates and late events come, too.
  for (const [index, name] of names.entries()) {
    const subscription = truth.subscribe(`cus_${name}`, index % 2 ? 'price_A' : 'price_B');
    await receive(events.subscription('created', subscription));
    await receive(events.invoice('paid', truth.payInvoice(subscription.id)));
    if (index === 1) await settle();
  }
  await settle();
  // Usage, with and without holds; staff acts; a manual subscription; an override that runs out.
  const ann = { email: 'ann@firm.com' };
  for (let call = 0; call < 5; call++)
    expect((await world.post('/api/usage', { ...ann, usageId: `u${call}`, credits: 3 })).status).toBe(201);
  await world.post('/api/credits/holds', { ...ann, amount: 20, expiresIn: 60 }, 'forgotten');
  const held = await world.post('/api/credits/holds', { ...ann, amount: 20 }, 'settled');
  await world.post('/api/usage', { ...ann, usageId: 'held', credits: 11, hold: held.json.hold });
  await settle();
  await done('credits grant ben@firm.com 50 --reason "lost upload"');
  await done('credits consume ben@firm.com 20 --reason "support adjustment"');
  await done('tier set cyd@firm.com enterprise --until 2h --reason "trial"');
  await done('customer add office@manual.gmbh --reason "pays by invoice"');
  await done('subscription set office@manual.gmbh --type monthly --status active --reason "pays by invoice"');
  await done('customer lock dee@firm.com --reason "stolen card"');
  await settle();
  clock.advance(3 * HOUR_MS);
  await settle();
  // An upgrade, a refund in part, a failed payment with its grace and its end, a cancellation, Stripe away.
  truth.refund([...truth.invoices.values()][0]?.paymentIntentId ?? '', 1_000);
  await receive(events.refund('created', [...truth.invoices.values()][0]?.paymentIntentId ?? '', 'cus_ann'));
  await settle();
  const ben = [...truth.subscriptions.values()].find(({ customer }) => customer === 'cus_ben');
  const failed = truth.payInvoice(ben?.id ?? '', { status: 'open', paidAt: null, amountPaid: 0 });
  Object.assign(ben ?? {}, { status: 'past_due' });
  await receive(events.invoice('payment_failed', failed));
  await settle();
  truth.onCall = stripeDown;
  const cyd = [...truth.subscriptions.values()].find(({ customer }) => customer === 'cus_cyd');
  Object.assign(cyd ?? {}, { status: 'canceled', endedAt: clock.now() });
  await receive(events.subscription('deleted', cyd ?? { id: '', customer: '' }));
  for (let hour = 0; hour < 5; hour++) {
    clock.advance(HOUR_MS);
    await settle();
  }
  truth.onCall = () => {};
  clock.advance(100 * HOUR_MS);
  for (let hour = 0; hour < 5; hour++) {
    clock.advance(HOUR_MS);
    await settle();
  }
  // An event of somebody whom nobody linked.
  await receive(events.subscription('created', truth.subscribe('cus_stranger', 'price_B')));
  await settle();
  await watch(10);

  expect(await open()).toEqual([]);
  expect(await told()).toEqual([]);
  expect((await world.show('ben@firm.com')).tier).toBe('free');
  expect(deps.settings.plans.length).toBeGreaterThan(0);
}, 60_000);
