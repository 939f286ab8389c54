import { expect, test } from 'vitest';
import { sandboxSettings } from '#sandbox/sandbox-settings.ts';
import { runScenario, scenarios } from '#sandbox/stripe/scenarios.ts';
import { seedWorld } from '#sandbox/stripe/seed-world.ts';
import { startStripe } from './start.ts';
import { webhookReceiver } from './webhook-receiver.ts';

async function seeded() {
  const receiver = await webhookReceiver();
  const started = await startStripe({ autoDeliver: true, webhookUrl: receiver.url });
  seedWorld(started.stripe);
  return { ...started, run: (id: string) => runScenario(started.stripe, id) };
}

test('the cast has a past and no events', async () => {
  const { stripe, world } = await seeded();
  expect(stripe.events).toEqual([]);
  expect(world.liveSubscriptionOf('cus_sofia')).toBeNull();
  expect(world.liveSubscriptionOf('cus_past_due')?.status).toBe('active');
  expect(world.invoicesOf('cus_past_due').map(({ billing_reason }) => billing_reason)).toEqual([
    'subscription_cycle',
    'subscription_create',
  ]);
  expect(world.lastPaidChargeOf('cus_disputed')?.amount).toBe(1_900);
});

test('a story from upgrade to dispute, one sentence each', async () => {
  const { run, stripe } = await seeded();
  const story: string[] = [];
  for (const id of [
    'sofia-upgrades',
    'sofia-renews',
    'refund-half',
    'refund-full',
    'credit-pack',
    'sofia-downgrades',
    'sofia-renews',
    'sofia-upgrades',
    'sofia-payment-fails',
    'late-payment-succeeds',
    'past-due-misses',
    'late-payment-succeeds',
    'fraud-warning',
    'dispute-opens',
    'dispute-won',
    'stranger-subscribes',
    'webhooks-lost',
    'credit-pack',
    'webhooks-return',
    'deliver-100',
  ]) {
    story.push(await run(id));
    await stripe.idle();
  }
  const told = story.join('\n').replace(/\b(cus|evt)_\w{14,}/g, '$1_…');
  expect(told).toMatchInlineSnapshot(`
    "Sofia went through Checkout and pays $49.00 a month for Pro.
    Sofia’s next period is paid, until 21 January.
    Somebody refunded $24.50 of Sofia’s $49.00 in the Dashboard.
    Somebody refunded $24.50 of Sofia’s $49.00 in the Dashboard.
    Sofia bought 100 AI credits for $10.00.
    Sofia keeps Pro until 21 January and has Starter from then on.
    Sofia’s next period is paid, until 21 February.
    Sofia moved to Pro and paid the difference for the rest of her month.
    Sofia’s card was declined for $49.00; the subscription is past due. Stripe tries again on 24 November.
    Sofia paid the $49.00 that was owed.
    Past Due Ltd’s card was declined for $49.00; the subscription is past due. Stripe tries again on 24 November.
    Past Due Ltd paid the $49.00 that was owed.
    The issuer warns of fraud on Disputed Inc’s $19.00.
    Disputed Inc disputes $19.00; the money is gone for now, and an answer is due by 30 November.
    The dispute over $19.00 is won; the money is back.
    Quinn 3 (quinn.3@unlinked.example, cus_…) subscribed to Pro, and nothing says who that is to us.
    Webhooks are lost from now on. Let something happen, and see whether Lucy finds it.
    Sofia bought 100 AI credits for $10.00.
    Webhooks arrive again. 4 events were lost.
    Delivered checkout.session.completed (evt_…) 100 times; Lucy answered 200 to 100 of them."
  `);
});

test('a button that cannot be pressed says why', async () => {
  const { stripe, run } = await seeded();
  await expect(run('sofia-renews')).rejects.toThrow(
    'Sofia has no subscription yet. Press “Sofia upgrades to pro” first.',
  );
  await expect(run('nothing')).rejects.toThrow('There is no scenario');
  await run('sofia-upgrades');
  await expect(run('sofia-upgrades')).rejects.toThrow('Sofia is on Pro already.');
  const reasons = scenarios.map((scenario) => scenario.whyNot(stripe)).filter((reason) => reason !== null);
  for (const reason of reasons) expect(reason).toMatch(/^[A-Z].*\.$/);
  expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length);
});

test('an inquiry is closed without money, and a dispute can be lost', async () => {
  const { run, world } = await seeded();
  await run('inquiry-opens');
  expect(await run('dispute-won')).toContain('nothing was taken');
  world.renew(world.liveSubscriptionOf('cus_disputed')?.id ?? '');
  await run('dispute-opens');
  expect(await run('dispute-lost')).toBe('The dispute over $19.00 is lost.');
  await run('sofia-upgrades');
  expect(await run('sofia-cancels')).toContain('Sofia’s subscription ends on');
});

test('every story of a bank can be had, one after the other, with credits to freeze', async () => {
  const { run, stripe, world } = await seeded();
  const since = Date.parse(sandboxSettings.billing.credits_since ?? '') / 1000;
  const charges = stripe.world.tables.charges.of('cus_disputed');
  expect(charges.length).toBeGreaterThanOrEqual(4);
  for (const { created } of charges) expect(created).toBeGreaterThan(since);

  for (const id of ['dispute-opens', 'dispute-lost', 'dispute-opens', 'dispute-won', 'inquiry-opens'])
    await run(id);
  await run('dispute-won');
  await run('fraud-warning');

  expect(world.tables.disputes.newestFirst()).toHaveLength(3);
});

test('a refund of Lucy’s waits for the bank, which says yes, or sends it back', async () => {
  const { run, sdk, world } = await seeded();
  await run('sofia-upgrades');
  const charge = world.lastPaidChargeOf('cus_sofia')?.id ?? '';
  await expect(run('refund-succeeds')).rejects.toThrow('No refund is pending.');
  await expect(run('refund-fails')).rejects.toThrow('There is no refund that could fail.');
  const told = [await run('refunds-pend')];
  const first = await sdk.refunds.create({ charge, amount: 1_000 });
  told.push(await run('refund-succeeds'));
  expect((await sdk.refunds.retrieve(first.id)).status).toBe('succeeded');
  told.push(await run('refund-fails'));
  expect((await sdk.refunds.retrieve(first.id)).status).toBe('failed');
  expect(told.join('\n')).toMatchInlineSnapshot(`
    "Refunds stay pending from now on, until the next one succeeds or fails.
    The refund of $10.00 succeeded.
    The bank sent the refund of $10.00 back: the card has expired."
  `);
});
