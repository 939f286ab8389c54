import { expect, test } from 'vitest';
import { processWorld } from '#test/world/processes.ts';

const feed = '#lucy-entitlements';

test('the finish line: an upgrade told 100 times is one change and one message; credits once in either order', async () => {
  const world = await processWorld();
  const { stripe, slack, terminal, show, until } = world;
  const customer = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
  const added = await terminal([
    'customer',
    'add',
    'sofia@firm.com',
    '--stripe',
    customer.id,
    '--reason',
    'new',
    '--yes',
  ]);
  expect(added.code).toBe(0);
  await world.start();
  stripe.world.subscribe(customer.id, 'pro_monthly');
  const updated = stripe.lastEvent('customer.subscription.created');

  const attempts = await stripe.deliver(updated.id, { times: 100, concurrently: true });
  expect(new Set(attempts.map((attempt) => attempt.status))).toEqual(new Set([200]));
  const shown = await until(
    () => show('sofia@firm.com'),
    (value) => value.tier === 'pro',
  );
  expect(shown).toMatchObject({ tier: 'pro', access: 'full', credits: { balance: 500 } });

  for (const type of ['invoice.paid', 'customer.subscription.created', 'invoice.paid']) {
    await stripe.deliver(stripe.lastEvent(type).id);
  }
  const moved = () =>
    slack.messages(feed).filter((message) => message.text.includes('moved from free to pro'));
  await until(
    async () => moved(),
    (messages) => messages.length > 0,
  );
  expect(moved()).toHaveLength(1);
  const after = await show('sofia@firm.com');
  expect(after.entitlementChanges).toHaveLength(1);
  expect(after.creditEvents).toHaveLength(1);
  expect(world.lucy?.logs.filter((line) => line.event === 'entitlement_change')).toMatchObject([
    { action: 'subscription_updated' },
  ]);
  expect(await world.lucy?.stop()).toBe(0);
}, 60_000);

test('kill -9 anywhere ends the same: every event answered 200 is applied, once', async () => {
  const world = await processWorld();
  const { stripe, terminal, show, until } = world;
  const customers = Array.from({ length: 6 }, (_, index) =>
    stripe.world.createCustomer({ email: `c${index}@firm.com`, name: `C${index}` }),
  );
  for (const customer of customers) {
    await terminal([
      'customer',
      'add',
      customer.email ?? '',
      '--stripe',
      customer.id,
      '--reason',
      'new',
      '--yes',
    ]);
  }
  for (const [index, customer] of customers.entries()) {
    const lucy = await world.start();
    stripe.world.subscribe(customer.id, 'pro_monthly');
    const sent = Promise.all(
      [stripe.lastEvent('customer.subscription.created'), stripe.lastEvent('invoice.paid')].map((event) =>
        stripe.deliver(event.id, { times: 3 }).catch(() => []),
      ),
    );
    // From before anything was stored until well into the work.
    await new Promise((resolve) => setTimeout(resolve, index * 25));
    await lucy.kill();
    await sent;
  }
  await world.start();
  await stripe.deliverPending();

  for (const customer of customers) {
    const shown = await until(
      () => show(customer.email ?? ''),
      (value) => value.tier === 'pro' && value.credits.balance > 0,
    );
    expect(shown).toMatchObject({ tier: 'pro', credits: { balance: 500, debt: 0 } });
    expect(shown.entitlementChanges).toHaveLength(1);
    expect(shown.creditEvents).toHaveLength(1);
  }
}, 120_000);

test('an unlinked customer’s event is taken, and applied after the link made in the terminal', async () => {
  const world = await processWorld();
  const { stripe, terminal, show, until } = world;
  await world.start();
  const customer = stripe.world.createCustomer({ email: 'late@firm.com', name: 'Late' });
  stripe.world.subscribe(customer.id, 'pro_monthly');
  const [attempt] = await stripe.deliver(stripe.lastEvent('invoice.paid').id);
  expect(attempt?.status).toBe(200);

  await terminal(['customer', 'add', 'late@firm.com', '--reason', 'new', '--yes']);
  expect((await show('late@firm.com')).tier).toBe('free');
  const linked = await terminal([
    'customer',
    'link',
    'late@firm.com',
    customer.id,
    '--reason',
    'checked',
    '--yes',
  ]);
  expect(linked.code).toBe(0);

  const shown = await until(
    () => show('late@firm.com'),
    (value) => value.tier === 'pro' && value.credits.balance === 500,
  );
  expect(shown).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
}, 60_000);

test('Slack and Stripe away: the port opens, health is degraded, and webhooks are answered at once', async () => {
  const world = await processWorld();
  const lucy = await world.start({
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
    STRIPE_API_BASE: 'http://127.0.0.1:9',
  });
  const customer = world.stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
  world.stripe.world.subscribe(customer.id, 'pro_monthly');

  const since = performance.now();
  const [attempt] = await world.stripe.deliver(world.stripe.lastEvent('invoice.paid').id);
  const tookMs = performance.now() - since;
  const health = await fetch(`http://127.0.0.1:${lucy.port}/health`);

  expect(attempt?.status).toBe(200);
  expect(tookMs).toBeLessThan(1_000);
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    status: 'degraded',
    components: { database: { state: 'ok' }, slack: { state: 'degraded' }, stripe: { state: 'degraded' } },
  });
}, 30_000);
